-- Where a connection's requests go, for people: the credentials hold it too, but nobody opens those to show a list. Rows from
-- before, and those that an older replica still writes, have none until their credentials are replaced.
-- The column takes the whole table for a moment. Whoever waits for that, behind a backup for example, holds up everybody else: so
-- not for longer than a second at a time.
DO $$
DECLARE
  tries int := 0;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '1s';
      ALTER TABLE connections ADD COLUMN host text;
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
