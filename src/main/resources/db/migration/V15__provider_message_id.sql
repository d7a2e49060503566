-- What the provider calls a message, to find its delivery by it.
-- The column takes the whole table for a moment. Whoever waits for that, behind a backup for example, holds up everybody else: so
-- not for longer than a second at a time. An index would be built under that lock, or one that stops writing: so only months that
-- are still empty get it, and those to come when they are made (ATTACH makes the indexes of the parent). No older row has an id,
-- which message_ids_since() tells the planner: it leaves out the months before, and of this one all that is older.
DO $$
DECLARE
  tries int := 0;
  part text;
BEGIN
  LOOP
    BEGIN
      SET LOCAL lock_timeout = '1s';
      ALTER TABLE event_log ADD COLUMN provider_message_id text;
      CREATE INDEX event_log_message ON ONLY event_log (tenant_id, provider_message_id, id) WHERE provider_message_id IS NOT NULL;
      EXIT;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      tries := tries + 1;
      IF tries >= 120 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(1);
    END;
  END LOOP;
  FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'event_log'::regclass AND pg_relation_size(c.oid) = 0 LOOP
    EXECUTE format('CREATE INDEX %I ON %I (tenant_id, provider_message_id, id) WHERE provider_message_id IS NOT NULL', part || '_message', part);
    EXECUTE format('ALTER INDEX event_log_message ATTACH PARTITION %I', part || '_message');
  END LOOP;
  -- An hour, because the ids are of the services' clocks.
  EXECUTE format('CREATE FUNCTION message_ids_since() RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $f$ SELECT %L::uuid $f$',
    uuid_floor(now() - interval '1 hour'));
END
$$;
