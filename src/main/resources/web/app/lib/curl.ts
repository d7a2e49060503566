import type { Preview } from '../api';

const HIDDEN = '[redacted]';
const ADDED_BY_CURL = ['host', 'content-length'];

/** A resolved request as a command, with shell variables where the secrets were. */
export function curl(request: Preview): string {
  const lines = [`curl --request ${request.method ?? 'POST'} ${quote(request.url ?? '')}`];
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (ADDED_BY_CURL.includes(name.toLowerCase())) continue;
    lines.push(value === HIDDEN ? secret(name) : `--header ${quote(`${name}: ${value}`)}`);
  }
  if (request.body !== null && request.body !== undefined) lines.push(`--data-raw ${quote(text(request.body))}`);
  return lines.join(' \\\n  ');
}

function text(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function secret(name: string): string {
  return `--header "${name}: $${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}"`;
}

function quote(value: string): string {
  return `'${value.replace(/'/g, `'\\''`)}'`;
}
