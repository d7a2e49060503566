-- A month has the policy under which its owner may read it, as pg_dump does: it reads the months one by one.
-- Makes the partitions of this month and the next two, and drops the months that ended before the retention (0 keeps all).
CREATE OR REPLACE FUNCTION maintain_event_log(retention_days int) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  SET lock_timeout = '2s' AS $$
DECLARE
  month timestamptz := date_trunc('month', now(), 'UTC');
  part record;
  name text;
  dropped int := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('fastyoke maintain_event_log'));
  FOR i IN 0..2 LOOP
    name := 'event_log_' || to_char((month + make_interval(months => i)) AT TIME ZONE 'UTC', 'YYYY_MM');
    IF to_regclass(name) IS NULL THEN
      EXECUTE format('CREATE TABLE %I (LIKE event_log INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
      EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
      EXECUTE format('CREATE POLICY owner ON %I FOR SELECT TO CURRENT_USER USING (current_setting(''fastyoke.engine'', true) = ''on'')', name);
      EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name);
      EXECUTE format('ALTER TABLE event_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name,
        uuid_floor(month + make_interval(months => i)), uuid_floor(month + make_interval(months => i + 1)));
    END IF;
  END LOOP;
  IF retention_days > 0 THEN
    FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'event_log'::regclass AND c.relname ~ '^event_log_\d{4}_\d{2}$' LOOP
      IF (to_date(substr(part.relname, 11), 'YYYY_MM')::timestamp AT TIME ZONE 'UTC') + interval '1 month'
          <= now() - make_interval(days => retention_days) THEN
        EXECUTE format('DROP TABLE %I', part.relname);
        dropped := dropped + 1;
      END IF;
    END LOOP;
  END IF;
  RETURN dropped;
END
$$;
