-- What a tenant wants to be told, and through which of its connections.
CREATE TABLE notice_settings (
  tenant_id      text PRIMARY KEY,
  connection_id  uuid NOT NULL,
  path           text,
  events         text[] NOT NULL,
  updated_at     timestamptz NOT NULL
);

-- A row per kind of event and connection: what has happened and was not told yet. It stays after it was told, for the five minutes in
-- which no other notice of its kind is sent, and for what must be told once only.
CREATE TABLE pending_notices (
  tenant_id   text NOT NULL,
  type        text NOT NULL,
  about       uuid NOT NULL,            -- the connection; all zeros when there is none
  count       bigint NOT NULL,          -- events that are in no notice yet
  since       timestamptz,              -- the first of them
  at          timestamptz,              -- the last of them
  detail      text,                     -- JSON, of the last of them
  once        text,                     -- what the last of them was about, if it is to be told once
  due_at      timestamptz,              -- when a notice may be made of them; null when there is nothing to tell
  free_at     timestamptz,              -- no notice before that
  number      bigint NOT NULL DEFAULT 0, -- of the notice that is being made, or was made last
  telling     text,                     -- JSON, what is in the notice that is being made; null when none is
  PRIMARY KEY (tenant_id, type, about)
);
CREATE INDEX pending_notices_due ON pending_notices (due_at) WHERE due_at IS NOT NULL;

ALTER TABLE notice_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE notice_settings FORCE ROW LEVEL SECURITY;
ALTER TABLE pending_notices ENABLE ROW LEVEL SECURITY;
ALTER TABLE pending_notices FORCE ROW LEVEL SECURITY;
