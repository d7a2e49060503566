import type { Preview } from '../api';
import { pretty } from '../lib/format';
import { withMember } from '../lib/json-text';

/** Starting points for the payload template, by provider. */
export const STARTERS: Record<string, unknown> = {
  twilio: {
    path: '/Messages.json',
    body: {
      To: '{{job.customer.phone}}',
      From: '+15005550006',
      Body: 'Hello {{job.customer.name?}}, your job {{job.id}} has {{transition.to_state}}.',
    },
  },
  sendgrid: {
    path: '/mail/send',
    body: {
      personalizations: [{ to: [{ email: '{{job.customer.email}}' }] }],
      from: { email: 'jobs@example.com' },
      subject: 'Job {{job.id}}: {{transition.to_state}}',
      content: [{ type: 'text/plain', value: 'Your job is now {{transition.to_state}}.' }],
    },
  },
  generic_rest: {
    path: '/hooks/job-started',
    body: { job_id: '{{job.id}}', tenant_id: '{{tenant.id}}', state: '{{job.current_state}}' },
  },
};

export const SAMPLE_JOB = {
  id: 'job_1',
  current_state: 'started',
  customer: { name: 'Ada', phone: '+15005550006', email: 'ada@example.com' },
};

export const SAMPLE_TRANSITION = { event_type: 'start', from_state: 'ready', to_state: 'started' };

/** What is wrong with a text that should be a JSON object; null when nothing is. */
export function judgeJson(text: string, mayBeEmpty = false): string | null {
  if (!text.trim()) return mayBeEmpty ? null : 'Paste a JSON object.';
  try {
    const value = JSON.parse(text);
    return value && typeof value === 'object' && !Array.isArray(value)
      ? null
      : 'This must be a JSON object, in braces.';
  } catch (thrown) {
    return `This is not JSON: ${(thrown as Error).message}`;
  }
}

/** How many actions must be before one with this template: as many as the answers that it names. */
export function earlierActions(template: string): number {
  const named = [...template.matchAll(/\{\{\s*actions\.(\d{1,2})\.response/g)].map(([, index]) => Number(index) + 1);
  return Math.max(0, ...named);
}

export interface Piece {
  text: string;
  missing: boolean;
}

/** Cuts a template into pieces, so that the placeholders without a value can be marked. */
export function pieces(template: string, missing: string[]): Piece[] {
  return template
    .split(/(\{\{[^{}]*\}\})/)
    .filter(Boolean)
    .map((text) => ({
      text,
      missing: missing.includes(text.replace(/^\{\{\s*|\s*\??\s*\}\}$/g, '')) && text.startsWith('{{'),
    }));
}

/** The request as it would go out, laid out for reading. */
export function requestText(preview: Preview): string {
  const head = `${preview.method} ${preview.url}`;
  const headers = Object.entries(preview.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  const body = preview.body_text === null ? [] : ['', pretty(preview.body_text)];
  return [head, ...headers, ...body].join('\n');
}

/** The action as text, with every digit of the template; `connection` is an id. */
export function actionText(template: string, connection: string): string {
  const payload = withMember(template, 'connection_id', JSON.stringify(connection));
  return `{"action_type":"WEBHOOK","payload_template":${payload}}`;
}
