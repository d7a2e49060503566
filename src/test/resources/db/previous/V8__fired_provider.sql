-- The provider that the attempt under way fires at. Should its process die and the connection be deleted before anybody says how the
-- attempt ended, the webhook is charged all the same.
ALTER TABLE action_runs ADD COLUMN fired_provider text;
COMMENT ON COLUMN action_runs.lease_owner IS 'the claim that the run was last taken with: a new id for every claim, which its closings keep';
