-- Roles, policies and grants: afterMigrate.sql, since what a login may do about them can change between two starts.

-- The tenant of the running transaction; null outside of one, and a policy that compares with null lets nothing through.
CREATE FUNCTION current_tenant() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  AS $$ SELECT NULLIF(current_setting('fastyoke.tenant', true), '') $$;
