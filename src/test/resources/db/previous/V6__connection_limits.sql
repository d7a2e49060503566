-- Limits that hold over all replicas. Only connections that have limits cost anything: their runs wait parked (due_at null) at
-- the connection's gate, and are let through by whoever locks the gate.
ALTER TABLE connections
  ADD COLUMN limited boolean GENERATED ALWAYS AS (max_per_second IS NOT NULL OR max_in_flight IS NOT NULL) STORED,
  -- When a connection that its failures have paused may be tried again; null when a person or a 410 paused it.
  ADD COLUMN trial_at timestamptz;
GRANT UPDATE (trial_at) ON connections TO fastyoke_integrations_engine;

CREATE TABLE connection_gates (
  connection_id uuid PRIMARY KEY REFERENCES connections ON DELETE CASCADE,
  in_flight     int NOT NULL DEFAULT 0,             -- attempts that were let through and have no outcome yet
  free_at       timestamptz NOT NULL DEFAULT now()  -- when the rate allows the next attempt (GCRA's theoretical arrival time)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON connection_gates TO fastyoke_integrations_engine;

-- With due_at null: the gate it waits at. In flight: the gate that let it through and counts it.
ALTER TABLE action_runs RENAME COLUMN parked_behind TO gate;
DROP INDEX action_runs_parked;
CREATE INDEX action_runs_parked ON action_runs (gate, seq) WHERE gate IS NOT NULL AND due_at IS NULL;
