-- Whether a run has been replayed, and by which call: the second column of the key of a bulk replay's runs (see BulkReplay).
CREATE INDEX action_runs_replays ON action_runs (tenant_id, replay_of, id) WHERE replay_of IS NOT NULL;
CREATE INDEX action_runs_replay_calls ON action_runs (tenant_id, split_part(idempotency_key, E'\n', 2))
  WHERE replay_of IS NOT NULL AND idempotency_key IS NOT NULL;

-- While DROP and ATTACH wait for their lock, behind a backup for example, every insert queues up behind them. A function keeps its
-- settings; the service comes back in a minute.
ALTER FUNCTION maintain_event_log(int) SET lock_timeout = '2s';

-- Every run leaves three or four dead rows: vacuumed by a share of the table, the indexes of what is due would be full of them.
ALTER TABLE action_runs SET (
  autovacuum_vacuum_scale_factor = 0.01,
  autovacuum_analyze_scale_factor = 0.02,
  autovacuum_vacuum_insert_scale_factor = 0.05,
  autovacuum_vacuum_cost_limit = 2000);
