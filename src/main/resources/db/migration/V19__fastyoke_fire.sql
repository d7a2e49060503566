-- The way in for an engine that shares the database: fastyoke_fire() writes a request here, in the transaction of its caller, and a
-- replica makes a run of it once that has committed, with the checks of POST /action-runs. Rows live for milliseconds.
CREATE TABLE fired_requests (
  run_id          uuid PRIMARY KEY,
  tenant_id       text NOT NULL,
  idempotency_key text,
  reserved        boolean NOT NULL,     -- the key is this request's alone
  request         text,                 -- JSON, digit by digit as it was given
  request_bytes   int NOT NULL,
  actor           text,                 -- JSON
  fired_at        timestamptz NOT NULL,
  job_lock        bigint,
  same_as         uuid                  -- no run was made: a concurrent request with the same key was the first
);
CREATE UNIQUE INDEX fired_requests_key ON fired_requests (tenant_id, idempotency_key) WHERE reserved;
ALTER TABLE fired_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE fired_requests FORCE ROW LEVEL SECURITY;

-- The order of commits. A table of its own, because serializable transactions that updated rows would get in each other's way.
CREATE TABLE fired_order (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id   uuid NOT NULL
);

ALTER TABLE fired_requests SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = -1);
ALTER TABLE fired_order SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = -1);

-- Until when, in milliseconds since 1970, a busy replica looks by itself: a NOTIFY makes all commits queue up behind one lock.
CREATE SEQUENCE fired_awake;

-- Runs when the caller commits. Transactions of one job take turns from here to the end of their commit, so positions are in the order
-- of commits. Two transactions that fire for the same jobs crosswise must not end as a deadlock: then the lock is done without.
CREATE FUNCTION fired_at_commit() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  SET lock_timeout = '2s' AS $$
BEGIN
  IF NEW.job_lock IS NOT NULL THEN
    BEGIN
      PERFORM pg_advisory_xact_lock(NEW.job_lock);
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN NULL;
    END;
  END IF;
  INSERT INTO public.fired_order (run_id) VALUES (NEW.run_id);
  -- Not relied on to the last moment (the commit itself takes time), nor for longer than it is ever promised.
  IF (SELECT a.last_value FROM public.fired_awake a) - (extract(epoch FROM clock_timestamp()) * 1000)::bigint NOT BETWEEN 30 AND 1000 THEN
    PERFORM pg_notify('fastyoke_integrations_runs', 'fired');
  END IF;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION fired_at_commit() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER fired AFTER INSERT ON fired_requests
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fired_at_commit();

-- Fires the actions of a transition if, and only if, the caller's transaction commits; returns the id of the run. Nothing about the request
-- fails here: the service checks it, and a run that it refuses is failed. Without a valid tenant there can be no run: null, with a warning.
-- It runs as the owner, who is under forced row-level security and sees the rows of this tenant only. Names are all qualified.
CREATE FUNCTION fastyoke_fire(tenant_id text, idempotency_key text, request json, actor json DEFAULT NULL) RETURNS uuid
  LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp
  SET lock_timeout = '2s'
  SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  before CONSTANT text := current_setting('fastyoke.tenant', true);
  fired CONSTANT timestamptz := date_trunc('milliseconds', clock_timestamp());
  -- A UUIDv7 (RFC 9562, 5.7): a random version 4 with the time in front and two bits of the version set.
  id CONSTANT uuid := encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM fired) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid;
  reserving boolean := coalesce(octet_length($2) BETWEEN 1 AND 255, false);
  job bigint;
  first_id uuid;
BEGIN
  IF $1 IS NULL OR $1 !~ '^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$' THEN
    RAISE WARNING 'fastyoke_fire: the tenant id is null or malformed, so nothing is fired';
    RETURN NULL;
  END IF;
  PERFORM set_config('fastyoke.tenant', $1, true);
  BEGIN
    job := hashtextextended($1 || E'\n' || btrim(($3 #> '{job,id}')::text, '"'), 0);
  EXCEPTION WHEN OTHERS THEN NULL; -- such as JSON too deep for the stack
  END;
  WHILE reserving LOOP
    BEGIN
      -- Waits for a concurrent transaction with the same key, as any unique index does, but neither for long nor to the point of a deadlock.
      INSERT INTO public.fired_requests (run_id, tenant_id, idempotency_key, reserved, request, request_bytes, actor, fired_at, job_lock)
        VALUES (id, $1, $2, true, $3::text, coalesce(octet_length($3::text), 0), left($4::text, 8192), fired, job)
        ON CONFLICT (tenant_id, idempotency_key) WHERE reserved DO NOTHING;
      IF FOUND THEN
        SELECT r.id INTO first_id FROM public.action_runs r WHERE r.tenant_id = $1 AND r.idempotency_key = $2;
        IF first_id IS NOT NULL THEN
          RAISE EXCEPTION USING ERRCODE = 'FY001'; -- undoes the insert
        END IF;
        first_id := id;
      ELSE
        SELECT f.run_id INTO first_id FROM public.fired_requests f WHERE f.tenant_id = $1 AND f.idempotency_key = $2 AND f.reserved;
      END IF;
      EXIT WHEN first_id IS NOT NULL; -- else it has just become a run
    EXCEPTION
      WHEN SQLSTATE 'FY001' THEN EXIT;
      WHEN OTHERS THEN reserving := false; -- of the two, the service makes one run
    END;
  END LOOP;
  IF first_id IS NULL THEN
    INSERT INTO public.fired_requests (run_id, tenant_id, idempotency_key, reserved, request, request_bytes, actor, fired_at, job_lock)
      VALUES (id, $1, left($2, 256), false, $3::text, coalesce(octet_length($3::text), 0), left($4::text, 8192), fired, job);
    first_id := id;
  END IF;
  PERFORM set_config('fastyoke.tenant', coalesce(before, ''), true);
  RETURN first_id;
END
$$;
REVOKE ALL ON FUNCTION fastyoke_fire(text, text, json, json) FROM PUBLIC;
