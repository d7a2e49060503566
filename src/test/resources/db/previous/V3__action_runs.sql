-- One row per run, and the whole state of its execution: due_at says when a worker may take it.
--   due in the past or now     waiting for a worker
--   due in the future          a retry that waits, or, with in_flight, the end of the lease of the worker that has it
--   null and not finished      parked: behind an earlier run of its job, or behind a connection that is full
--   null and finished          done
CREATE TABLE action_runs (
  id               uuid NOT NULL,
  tenant_id        text NOT NULL,
  seq              bigint GENERATED ALWAYS AS IDENTITY, -- order of acceptance, over all replicas
  job_id           text,
  ordered          boolean NOT NULL,                    -- waits for earlier runs of its job
  idempotency_key  text,
  request_hash     bytea,
  replay_of        uuid,
  request          text NOT NULL,                       -- JSON, as accepted; text, because jsonb would reorder and normalise it
  actions          text NOT NULL,                       -- JSON, the progress of every action
  connection_ids   uuid[] NOT NULL,
  status           text NOT NULL CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'cancelled')),
  created_at       timestamptz NOT NULL,
  finished_at      timestamptz,
  due_at           timestamptz,
  parked_behind    uuid,                                -- the full connection it waits for
  next_connection  uuid,                                -- of the action that fires next
  attempt          int NOT NULL DEFAULT 0,              -- attempts begun at the current action: the intent
  in_flight        boolean NOT NULL DEFAULT false,      -- an attempt was begun and its outcome is not recorded
  lease_token      bigint NOT NULL DEFAULT 0,           -- fences every closing update
  lease_owner      uuid,                                -- the replica that has, or last had, it
  cancel_requested boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX action_runs_key ON action_runs (tenant_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX action_runs_due ON action_runs (tenant_id, due_at) WHERE finished_at IS NULL;
CREATE INDEX action_runs_chain ON action_runs (tenant_id, job_id, seq) WHERE finished_at IS NULL AND job_id IS NOT NULL;
CREATE INDEX action_runs_job ON action_runs (tenant_id, job_id, id) WHERE job_id IS NOT NULL;
CREATE INDEX action_runs_failed ON action_runs (tenant_id, id) WHERE status = 'failed';
CREATE INDEX action_runs_parked ON action_runs (parked_behind, seq) WHERE parked_behind IS NOT NULL;
CREATE INDEX action_runs_finished ON action_runs USING brin (finished_at);

ALTER TABLE action_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE action_runs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON action_runs TO fastyoke_integrations_api
  USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY engine ON action_runs TO fastyoke_integrations_engine USING (true) WITH CHECK (true);
GRANT SELECT ON action_runs TO fastyoke_integrations_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON action_runs TO fastyoke_integrations_engine;
