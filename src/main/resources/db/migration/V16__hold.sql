-- What becomes of the actions of a paused connection: they fail (null), or are held for so many hours. Held runs wait at the gate of their
-- connection, as at its limits, so they need no index of their own.
-- The column takes the whole table for a moment. Whoever waits for that, behind a backup for example, holds up everybody else: so
-- not for longer than a second at a time.
DO $$
DECLARE
  tries int := 0;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '1s';
      ALTER TABLE connections ADD COLUMN when_paused text, ADD COLUMN hold_hours int;
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
