-- A vacuum dirties each page that was filled since the last one. At 2,000 the disk got all of them within seconds, and commits waited
-- for it. Spread over a third of a minute they hardly notice.
ALTER TABLE action_runs SET (autovacuum_vacuum_cost_limit = 400);

-- What has outlived its retention is found by its id, a UUIDv7. A vacuum had to read all new rows once more for this index, at a go.
DROP INDEX action_runs_finished;

-- The table is analysed once a minute under load. The column with the largest target says how many rows are read for that (300 times as
-- many), and at 0 nobody sorts what nothing is looked up by.
ALTER TABLE action_runs
  ALTER COLUMN id SET STATISTICS 20,
  ALTER COLUMN tenant_id SET STATISTICS 20,
  ALTER COLUMN seq SET STATISTICS 20,
  ALTER COLUMN job_id SET STATISTICS 20,
  ALTER COLUMN ordered SET STATISTICS 20,
  ALTER COLUMN idempotency_key SET STATISTICS 20,
  ALTER COLUMN request_hash SET STATISTICS 0,
  ALTER COLUMN replay_of SET STATISTICS 20,
  ALTER COLUMN request SET STATISTICS 0,
  ALTER COLUMN actions SET STATISTICS 0,
  ALTER COLUMN connection_ids SET STATISTICS 20,
  ALTER COLUMN status SET STATISTICS 20,
  ALTER COLUMN created_at SET STATISTICS 20,
  ALTER COLUMN finished_at SET STATISTICS 20,
  ALTER COLUMN due_at SET STATISTICS 20,
  ALTER COLUMN gate SET STATISTICS 20,
  ALTER COLUMN next_connection SET STATISTICS 20,
  ALTER COLUMN attempt SET STATISTICS 20,
  ALTER COLUMN in_flight SET STATISTICS 20,
  ALTER COLUMN lease_token SET STATISTICS 0,
  ALTER COLUMN lease_owner SET STATISTICS 0,
  ALTER COLUMN cancel_requested SET STATISTICS 20,
  ALTER COLUMN fired_provider SET STATISTICS 0;
ALTER INDEX action_runs_replay_calls ALTER COLUMN 2 SET STATISTICS 20;
