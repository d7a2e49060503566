/** The wire, as the service documents it in its OpenAPI description. */

export type ConnectionStatus = 'active' | 'paused' | 'unreadable';

export interface Settings {
  max_per_second?: number;
  max_in_flight?: number;
  timeout_ms?: number;
  pause_after_failures?: number;
  when_paused?: 'fail' | 'hold';
  hold_hours?: number;
}

export interface Connection {
  id: string;
  provider: string;
  connection_name: string;
  status: ConnectionStatus;
  settings: Settings | null;
  created_at: string;
  updated_at: string;
  created_by: string | null;
  last_fired_at: string | null;
  last_outcome: string | null;
  host: string | null;
  certificate_expires_at: string | null;
}

export interface ProviderField {
  name: string;
  type: 'string' | 'text' | 'url' | 'choice' | 'map' | 'list' | 'object';
  label: string;
  pattern?: string | null;
  /** The pattern in words. */
  format?: string | null;
  min_length?: number | null;
  max_length?: number | null;
  max_entries?: number | null;
  /** Of the names in a map. */
  name_pattern?: string | null;
  name_format?: string | null;
  secret: boolean;
  required: boolean;
  help?: string | null;
  options?: string[] | null;
  placeholder?: string | null;
  /** Of an object. */
  fields?: ProviderField[] | null;
}

/** Fields of which at most one may be given. */
export interface FieldChoice {
  label: string;
  help?: string | null;
  fields: string[];
}

export interface Provider {
  name: string;
  title: string;
  help?: string | null;
  fields: ProviderField[];
  /** Groups of fields of which exactly one has to be given, whole. */
  alternatives?: string[][] | null;
  at_most_one_of?: FieldChoice[] | null;
  /** Groups of fields that are given all or not at all. */
  together?: string[][] | null;
}

export type TestOutcome = 'ok' | 'unauthorized' | 'not_permitted' | 'unreachable' | 'blocked';

export interface TestResult {
  outcome: TestOutcome;
  response_status: number | null;
  duration_ms: number | null;
  message: string;
}

export interface Failure {
  code: string;
  message: string;
}

export type RunStatus = 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled';
export type ActionStatus = RunStatus | 'retrying' | 'skipped';

export interface Action {
  index: number;
  action_type: string;
  connection_id: string | null;
  provider: string | null;
  delivery_id: string | null;
  status: ActionStatus;
  attempts: number;
  next_attempt_at: string | null;
  response_status: number | null;
  duration_ms: number | null;
  provider_message_id?: string | null;
  error: Failure | null;
}

/** What keeps an unfinished run from going on; null while it is at work. */
export type WaitingFor = 'capacity' | 'earlier_run' | 'connection_limit' | 'connection_paused' | 'retry';

export interface Run {
  id: string;
  job_id: string | null;
  status: RunStatus;
  created_at: string;
  finished_at: string | null;
  replay_of: string | null;
  waiting_for?: WaitingFor | null;
  actions: Action[];
}

export interface LogEvent {
  id: string;
  run_id: string | null;
  action_index: number | null;
  delivery_id: string | null;
  connection_id: string | null;
  provider: string | null;
  event_type: string;
  outcome: 'success' | 'failure' | 'skipped' | 'cancelled';
  attempt: number | null;
  request: { method: string; url: string } | null;
  response_status: number | null;
  response_headers: Record<string, string> | null;
  response_body: string | null;
  response_truncated: boolean | null;
  provider_message_id?: string | null;
  error: Failure | null;
  duration_ms: number | null;
  actor: unknown;
  timestamp: string;
}

export interface Outcomes {
  succeeded: number;
  failed: number;
  skipped: number;
  cancelled: number;
}

/** Each action counts once, when it was decided; buckets in which nothing was are left out. */
export interface DeliveryStats {
  since: string;
  until: string;
  totals: Outcomes;
  p50_ms: number | null;
  p95_ms: number | null;
  buckets: Array<Outcomes & { bucket: string }>;
  failing: Array<{ connection_id: string; succeeded: number; failed: number }>;
}

/** The same of one connection. */
export interface ConnectionStats {
  connection_id: string;
  totals: Outcomes;
  buckets: Array<Outcomes & { bucket: string }>;
}

export type NoticeType =
  | 'connection.paused'
  | 'connection.resumed'
  | 'connection.failing'
  | 'run.failed'
  | 'credential.unreadable'
  | 'certificate.expiring';

/** What the tenant is told; empty for nothing. */
export interface NoticeSettings {
  connection_id?: string;
  path?: string;
  events?: NoticeType[];
  /** Why nothing is told all the same. */
  stopped?: 'connection_deleted';
}

export interface UsageRow {
  bucket: string;
  kind: string;
  provider?: string;
  connection_id?: string;
  count: number;
}

export interface Preview {
  index: number;
  provider: string | null;
  connection_id: string | null;
  method: string | null;
  url: string | null;
  headers: Record<string, string> | null;
  body: unknown;
  /** The body as it came, every digit of it; null without one. */
  body_text: string | null;
  error: Failure | null;
  missing: string[];
  /** What an earlier action's answer will fill in. */
  from_responses?: string[];
}

export interface ReplayCount {
  count: number;
  /** Whether the filter selects more than these. */
  more: boolean;
}
