-- When a connection's client certificate ends, for lists and for notices before it does: the credentials hold it too, but nobody opens
-- those for that. An older replica that replaces the credentials beside this version leaves the date of those before.
-- The column takes the whole table for a moment. Whoever waits for that, behind a backup for example, holds up everybody else: so
-- not for longer than a second at a time.
DO $$
DECLARE
  tries int := 0;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '1s';
      ALTER TABLE connections ADD COLUMN certificate_expires_at timestamptz;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      tries := tries + 1;
      IF tries >= 120 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(1);
    END;
  END LOOP;
END
$$;
