-- Append-only, and partitioned by month. The id is a UUIDv7 (RFC 9562, 5.7), so a month is a range of ids.
CREATE TABLE event_log (
  id                    uuid NOT NULL,
  tenant_id             text NOT NULL,
  run_id                uuid,
  job_id                text,
  action_index          int,
  delivery_id           uuid,
  connection_id         uuid,
  provider              text,
  event_type            text NOT NULL,
  transition_event_type text,
  outcome               text NOT NULL CHECK (outcome IN ('success', 'failure', 'skipped', 'cancelled')),
  attempt               int,
  request_method        text,
  request_url           text,
  response_status       int,
  response_headers      text,               -- JSON
  response_body         text,
  response_truncated    boolean NOT NULL DEFAULT false,
  error_code            text,
  error_message         text,
  duration_ms           int,
  actor                 text,
  impersonated_by       text,
  ends_action           boolean NOT NULL DEFAULT false, -- the row that decided its action
  occurred_at           timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, id)
) PARTITION BY RANGE (id);
CREATE INDEX event_log_run ON event_log (tenant_id, run_id, id) WHERE run_id IS NOT NULL;
CREATE INDEX event_log_job ON event_log (tenant_id, job_id, id) WHERE job_id IS NOT NULL;
CREATE INDEX event_log_connection ON event_log (tenant_id, connection_id, id) WHERE connection_id IS NOT NULL;

ALTER TABLE event_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_log FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON event_log TO fastyoke_integrations_api
  USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY engine ON event_log TO fastyoke_integrations_engine USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON event_log TO fastyoke_integrations_api, fastyoke_integrations_engine;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON event_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON event_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The smallest UUIDv7 of a moment.
CREATE FUNCTION uuid_floor(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid $$;

-- Makes the partitions of this month and the next two, and drops the months that ended before the retention (0 keeps all).
CREATE FUNCTION maintain_event_log(retention_days int) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
REVOKE ALL ON FUNCTION maintain_event_log(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION maintain_event_log(int) TO fastyoke_integrations_engine;

-- A clock far off must not lose a row: what fits no month lands here.
CREATE TABLE event_log_other PARTITION OF event_log DEFAULT;
ALTER TABLE event_log_other ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_log_other FORCE ROW LEVEL SECURITY;
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON event_log_other FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
SELECT maintain_event_log(0);
