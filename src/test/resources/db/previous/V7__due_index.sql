-- What is due is found by due_at alone (null for whatever is parked or done). With "finished_at IS NULL" as its predicate the index
-- also offered itself for the question whether a job has an earlier unfinished run, and while its statistics said that it is
-- small the planner took the offer: each accepted run then read all unfinished runs of its tenant.
DROP INDEX action_runs_due;
CREATE INDEX action_runs_due ON action_runs (tenant_id, due_at) WHERE due_at IS NOT NULL;
