-- Creates roles, policies and grants; runs at every start, after the migrations, and is the only owner of them. It compares the catalogue with the
-- wanted state and changes only the differences, so that a normal start takes no locks.
--
-- It uses two roles if they exist or can be created, and this login may switch to them. Neither owns a table or is a superuser. In addition, the
-- owner is under forced row-level security: it sees one tenant's rows if that tenant is set, and all rows with fastyoke.engine = 'on'. The service
-- uses these policies if there are no roles, and pg_dump always does.
DO $$
DECLARE
  api CONSTANT text := 'fastyoke_integrations_api';
  engine CONSTANT text := 'fastyoke_integrations_engine';
  own_rows CONSTANT text := 'tenant_id = current_tenant()';
  all_rows CONSTANT text := 'current_setting(''fastyoke.engine'', true) = ''on''';
  -- Since PostgreSQL 16 a member may lack the right to switch to the role; the creator of a role does.
  membership CONSTANT text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
  roles boolean := true;
  wanted record;
  changes text[] := '{}';
  step text;
  tries int := 0;
BEGIN
  SET LOCAL client_min_messages = warning;
  -- Replicas that start at the same time take turns.
  PERFORM pg_advisory_xact_lock(hashtext('fastyoke access'));

  FOREACH step IN ARRAY ARRAY[api, engine] LOOP
    BEGIN
      IF to_regrole(step) IS NULL AND (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE', step);
      END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation OR insufficient_privilege THEN NULL; -- another start was faster
    END;
    BEGIN
      -- PostgreSQL refuses a repeated grant, and a grant by a login without the right to it.
      IF to_regrole(step) IS NOT NULL AND NOT pg_has_role(current_user, step, membership)
          AND ((SELECT rolcreaterole FROM pg_roles WHERE rolname = current_user)
            OR pg_has_role(current_user, step, 'MEMBER WITH ADMIN OPTION')) THEN
        EXECUTE format('GRANT %I TO %I', step, current_user);
      END IF;
    EXCEPTION WHEN insufficient_privilege OR invalid_grant_operation THEN NULL;
    END;
    -- Roles belong to the cluster: roles that serve another database, and not this login, get no rights here.
    roles := roles AND to_regrole(step) IS NOT NULL AND COALESCE(pg_has_role(current_user, to_regrole(step)::oid, membership), false);
  END LOOP;

  FOR wanted IN
    SELECT t.name AS on_table, p.name, p.kind, p.grantee, p.condition
    FROM unnest(ARRAY['connections', 'action_runs', 'event_log', 'utility_ledger', 'notice_settings', 'pending_notices', 'fired_requests']) AS t(name),
      LATERAL (VALUES
        ('tenant', 'ALL', api, own_rows),
        ('engine', 'ALL', engine, 'true'),
        ('owner', 'ALL', NULL, own_rows || ' OR ' || all_rows)) AS p(name, kind, grantee, condition)
    WHERE roles OR p.grantee IS NULL
    UNION ALL
    SELECT c.relname, 'owner', 'SELECT', NULL, all_rows
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'event_log'::regclass
  LOOP
    -- Without a grantee the policy is for the table's owner, which may have changed.
    step := COALESCE(wanted.grantee, (SELECT r.rolname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
      WHERE c.oid = wanted.on_table::regclass));
    IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = wanted.on_table::regclass AND polname = wanted.name
        AND polroles = ARRAY[to_regrole(step)::oid]) THEN
      changes := changes || format('DROP POLICY IF EXISTS %I ON %I', wanted.name, wanted.on_table);
      changes := changes || (format('CREATE POLICY %I ON %I FOR %s TO %I USING (%s)', wanted.name, wanted.on_table, wanted.kind, step, wanted.condition)
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
        (api, 'notice_settings', ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']),
        (api, 'pending_notices', ARRAY['SELECT', 'INSERT', 'UPDATE']),
        (api, 'fired_requests', ARRAY['SELECT']),
        (engine, 'connections', ARRAY['SELECT']),
        (engine, 'action_runs', ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']),
        (engine, 'event_log', ARRAY['SELECT', 'INSERT']),
        (engine, 'utility_ledger', ARRAY['SELECT', 'INSERT']),
        (engine, 'notice_settings', ARRAY['SELECT']),
        (engine, 'pending_notices', ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']),
        (engine, 'connection_gates', ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']),
        (engine, 'fired_requests', ARRAY['SELECT', 'UPDATE', 'DELETE']),
        (engine, 'fired_order', ARRAY['SELECT', 'DELETE']),
        (engine, 'fired_awake', ARRAY['UPDATE'])) AS g(grantee, on_table, kinds),
        unnest(g.kinds) AS r(name)
      WHERE NOT has_table_privilege(g.grantee, g.on_table, r.name)
    LOOP
      changes := changes || format('GRANT %s ON %I TO %I', wanted.kind, wanted.on_table, wanted.grantee);
    END LOOP;
    FOREACH step IN ARRAY ARRAY['credentials', 'key_id', 'status', 'version', 'updated_at', 'trial_at'] LOOP
      IF NOT has_column_privilege(engine, 'connections', step, 'UPDATE') THEN
        changes := changes || format('GRANT UPDATE (%I) ON connections TO %I', step, engine);
      END IF;
    END LOOP;
    IF NOT has_function_privilege(engine, 'maintain_event_log(int)', 'EXECUTE') THEN
      changes := changes || format('GRANT EXECUTE ON FUNCTION maintain_event_log(int) TO %I', engine);
    END IF;
    FOREACH step IN ARRAY ARRAY[api, engine] LOOP
      IF NOT has_schema_privilege(step, 'public', 'USAGE') THEN
        changes := changes || format('GRANT USAGE ON SCHEMA public TO %I', step);
      END IF;
    END LOOP;
  END IF;

  -- CREATE POLICY locks the whole table. Waiting for that lock, behind a backup for example, blocks all other statements, so the wait is short.
  WHILE cardinality(changes) > 0 LOOP
    BEGIN
      SET LOCAL lock_timeout = '1s';
      FOREACH step IN ARRAY changes LOOP
        EXECUTE step;
      END LOOP;
      changes := '{}';
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
