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
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON utility_ledger FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON utility_ledger FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
