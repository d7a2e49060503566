-- Who may do what, after every start's migrations: the only owner of roles, policies and grants. It compares the catalogue with what should be
-- and changes only what differs, so that a start of a service that is set up locks nothing.
--
-- Two roles, where they are there or can be made and this login may work under them: neither owns a table, neither is a superuser. And in any case
-- the owner under its own (forced) row-level security: a tenant's rows with that tenant set, all rows with fastyoke.engine = 'on'. The service
-- works under that where there are no roles, and pg_dump always does.
DO $$
DECLARE
  api CONSTANT text := 'fastyoke_integrations_api';
  engine CONSTANT text := 'fastyoke_integrations_engine';
  wall CONSTANT text := 'tenant_id = current_tenant()';
  marked CONSTANT text := 'current_setting(''fastyoke.engine'', true) = ''on''';
  -- Since PostgreSQL 16 a member may be one without the right to take the role on (and who makes a role is).
  taking CONSTANT text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
  roles boolean := true;
  wanted record;
  todo text[] := '{}';
  step text;
  tries int := 0;
BEGIN
  SET LOCAL client_min_messages = warning;
  -- Replicas that start together wait for each other.
  PERFORM pg_advisory_xact_lock(hashtext('fastyoke access'));

  FOREACH step IN ARRAY ARRAY[api, engine] LOOP
    BEGIN
      IF to_regrole(step) IS NULL AND (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', step);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL; -- another database's start was faster
    END;
    BEGIN
      -- A member that repeats its own grant is refused, and so is anybody else's login.
      IF to_regrole(step) IS NOT NULL AND NOT pg_has_role(current_user, step, taking)
          AND ((SELECT rolcreaterole FROM pg_roles WHERE rolname = current_user)
            OR pg_has_role(current_user, step, 'MEMBER WITH ADMIN OPTION')) THEN
        EXECUTE format('GRANT %I TO %I', step, current_user);
      END IF;
    EXCEPTION WHEN insufficient_privilege OR invalid_grant_operation THEN NULL;
    END;
    -- Roles belong to the cluster: those of a neighbour's database, in which this login has no part, get nothing here.
    roles := roles AND to_regrole(step) IS NOT NULL AND COALESCE(pg_has_role(current_user, to_regrole(step)::oid, taking), false);
  END LOOP;

  FOR wanted IN
    SELECT t.name AS on_table, p.name, p.kind, p.grantee, p.condition
    FROM unnest(ARRAY['connections', 'action_runs', 'event_log', 'utility_ledger']) AS t(name),
      LATERAL (VALUES
        ('tenant', 'ALL', api, wall),
        ('engine', 'ALL', engine, 'true'),
        ('owner', 'ALL', NULL, wall || ' OR ' || marked)) AS p(name, kind, grantee, condition)
    WHERE roles OR p.grantee IS NULL
    UNION ALL
    SELECT c.relname, 'owner', 'SELECT', NULL, marked
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'event_log'::regclass
  LOOP
    -- Without a grantee it is for the owner, who may have changed.
    step := COALESCE(wanted.grantee, (SELECT r.rolname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
      WHERE c.oid = wanted.on_table::regclass));
    IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = wanted.on_table::regclass AND polname = wanted.name
        AND polroles = ARRAY[to_regrole(step)::oid]) THEN
      todo := todo || format('DROP POLICY IF EXISTS %I ON %I', wanted.name, wanted.on_table);
      todo := todo || (format('CREATE POLICY %I ON %I FOR %s TO %I USING (%s)', wanted.name, wanted.on_table, wanted.kind, step, wanted.condition)
        || CASE WHEN wanted.kind = 'ALL' THEN format(' WITH CHECK (%s)', wanted.condition) ELSE '' END);
    END IF;
  END LOOP;

  IF roles THEN
    FOR wanted IN
      SELECT g.grantee, g.on_table, r.name AS kind FROM (VALUES
        (api, 'connections', ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']),
        (api, 'action_runs', ARRAY['SELECT']),
        (api, 'event_log', ARRAY['SELECT', 'INSERT']),
        (api, 'utility_ledger', ARRAY['SELECT']),
        (engine, 'connections', ARRAY['SELECT']),
        (engine, 'action_runs', ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']),
        (engine, 'event_log', ARRAY['SELECT', 'INSERT']),
        (engine, 'utility_ledger', ARRAY['SELECT', 'INSERT']),
        (engine, 'connection_gates', ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'])) AS g(grantee, on_table, kinds),
        unnest(g.kinds) AS r(name)
      WHERE NOT has_table_privilege(g.grantee, g.on_table, r.name)
    LOOP
      todo := todo || format('GRANT %s ON %I TO %I', wanted.kind, wanted.on_table, wanted.grantee);
    END LOOP;
    FOREACH step IN ARRAY ARRAY['credentials', 'key_id', 'status', 'version', 'updated_at', 'trial_at'] LOOP
      IF NOT has_column_privilege(engine, 'connections', step, 'UPDATE') THEN
        todo := todo || format('GRANT UPDATE (%I) ON connections TO %I', step, engine);
      END IF;
    END LOOP;
    IF NOT has_function_privilege(engine, 'maintain_event_log(int)', 'EXECUTE') THEN
      todo := todo || format('GRANT EXECUTE ON FUNCTION maintain_event_log(int) TO %I', engine);
    END IF;
    FOREACH step IN ARRAY ARRAY[api, engine] LOOP
      IF NOT has_schema_privilege(step, 'public', 'USAGE') THEN
        todo := todo || format('GRANT USAGE ON SCHEMA public TO %I', step);
      END IF;
    END LOOP;
  END IF;

  -- A policy takes the whole table for a moment. Whoever waits for that, behind a backup for example, holds up everybody else: so not for long.
  WHILE cardinality(todo) > 0 LOOP
    BEGIN
      SET LOCAL lock_timeout = '1s';
      FOREACH step IN ARRAY todo LOOP
        EXECUTE step;
      END LOOP;
      todo := '{}';
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
      tries := tries + 1;
      IF tries >= 120 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(1);
    END;
  END LOOP;
END
$$;
