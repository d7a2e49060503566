CREATE TABLE connections (
  id              uuid PRIMARY KEY,
  tenant_id       text NOT NULL,
  provider        text NOT NULL,
  connection_name text NOT NULL,
  credentials     bytea NOT NULL,            -- sealed; see the vault package
  key_id          text NOT NULL,             -- the key that sealed it, as in the sealed bytes
  max_per_second  int CHECK (max_per_second > 0),
  max_in_flight   int CHECK (max_in_flight > 0),
  timeout_ms      int CHECK (timeout_ms BETWEEN 1 AND 60000),
  pause_after_failures int CHECK (pause_after_failures > 0),
  status          text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused')),
  version         bigint NOT NULL DEFAULT 0, -- of what a tenant can change; the ETag
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL,
  created_by      text NOT NULL
);
CREATE UNIQUE INDEX connections_name ON connections (tenant_id, lower(connection_name));
CREATE INDEX connections_list ON connections (tenant_id, id);
CREATE INDEX connections_key ON connections (key_id);

ALTER TABLE connections ENABLE ROW LEVEL SECURITY;
ALTER TABLE connections FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON connections TO fastyoke_integrations_api
  USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY engine ON connections TO fastyoke_integrations_engine USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON connections TO fastyoke_integrations_api;
GRANT SELECT, UPDATE (credentials, key_id, status, version, updated_at) ON connections TO fastyoke_integrations_engine;
