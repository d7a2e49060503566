-- What is billed: one row per fired webhook. The primary key is what makes "exactly one" true, whatever retries and crashes do.
CREATE TABLE utility_ledger (
  id            uuid NOT NULL,
  tenant_id     text NOT NULL,
  kind          text NOT NULL,
  run_id        uuid NOT NULL,
  delivery_id   uuid NOT NULL,
  connection_id uuid,
  provider      text NOT NULL,
  quantity      int NOT NULL DEFAULT 1,
  occurred_at   timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, delivery_id)
);
CREATE INDEX utility_ledger_time ON utility_ledger (tenant_id, occurred_at);

ALTER TABLE utility_ledger ENABLE ROW LEVEL SECURITY;
ALTER TABLE utility_ledger FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON utility_ledger TO fastyoke_integrations_api
  USING (tenant_id = current_tenant()) WITH CHECK (tenant_id = current_tenant());
CREATE POLICY engine ON utility_ledger TO fastyoke_integrations_engine USING (true) WITH CHECK (true);
GRANT SELECT ON utility_ledger TO fastyoke_integrations_api;
GRANT SELECT, INSERT ON utility_ledger TO fastyoke_integrations_engine;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON utility_ledger FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON utility_ledger FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
