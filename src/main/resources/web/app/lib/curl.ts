import type { LogEvent } from '../api';

const AUTH: Record<string, string> = {
  twilio: `--user "$TWILIO_USER:$TWILIO_PASSWORD"`,
  sendgrid: `--header "Authorization: Bearer $SENDGRID_API_KEY"`,
  generic_rest: `--header "Authorization: $AUTHORIZATION"`,
};

/** The request as a command, with shell variables where the secrets were; null when nothing was sent. */
export function curl(event: LogEvent): string | null {
  if (!event.request) return null;
  const { method, url } = event.request;
  const lines = [`curl --request ${method} ${quote(url)}`, AUTH[event.provider ?? ''] ?? AUTH.generic_rest];
  if (event.provider === 'generic_rest' && event.delivery_id)
    lines.push(`--header ${quote(`Idempotency-Key: ${event.delivery_id}`)}`);
  if (method !== 'GET') {
    const form = event.provider === 'twilio';
    if (!form) lines.push(`--header 'Content-Type: application/json'`);
    lines.push(form ? '--data @body.txt' : '--data @body.json');
  }
  return lines.join(' \\\n  ');
}

function quote(text: string): string {
  return `'${text.replace(/'/g, `'\\''`)}'`;
}
