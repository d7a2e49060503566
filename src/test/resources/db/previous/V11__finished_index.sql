-- Only for what is finished: the planner took the index of times for the question what is not, and read the whole table.
DROP INDEX action_runs_finished;
CREATE INDEX action_runs_finished ON action_runs USING brin (finished_at) WHERE finished_at IS NOT NULL;
