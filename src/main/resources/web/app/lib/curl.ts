import type { Preview } from '../api';

const HIDDEN = '[redacted]';
/** In the place of a connection's own path. */
const OWN_PATH = '/…';
const ADDED_BY_CURL = ['host', 'content-length'];

const WHAT = '# As it would be sent now. Secrets and signatures are left out: set the variables first.\n';

/** A resolved request as a command, with shell variables where the secrets were. */
export function curl(request: Preview): string {
  const lines = [`curl --request ${request.method ?? 'POST'} ${address(request.url ?? '')}`];
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (ADDED_BY_CURL.includes(name.toLowerCase())) continue;
    lines.push(value.includes(HIDDEN) ? secret(name, value) : `--header ${quote(`${name}: ${value}`)}`);
  }
  if (request.body_text) lines.push(`--data-raw ${quote(request.body_text)}`);
  return WHAT + lines.join(' \\\n  ');
}

function address(url: string): string {
  if (!url.includes(OWN_PATH) && !url.includes(HIDDEN)) return quote(url);
  const shown = url.replace(/["$`\\]/g, '\\$&').replace(OWN_PATH, '$BASE_PATH').replaceAll(HIDDEN, '$FROM_CONNECTION');
  return `"${shown}"`;
}

/** Double quotes, so that the shell fills in the variable; what else it would read in them is escaped. */
function secret(name: string, value: string): string {
  const variable = `$${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
  const shown = value.replace(/["$`\\]/g, '\\$&').replaceAll(HIDDEN, variable);
  return `--header "${name}: ${shown}"`;
}

function quote(value: string): string {
  return `'${value.replace(/'/g, `'\\''`)}'`;
}
