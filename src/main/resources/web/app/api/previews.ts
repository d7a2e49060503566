import { at } from '../lib/json-text';
import type { Answer } from './client';
import type { Preview } from './types';

/** The requests of an answer, with their bodies as they came: a parsed body would have lost digits. */
export function previews({ data, text }: Answer<{ actions: Preview[] }>): Preview[] {
  return data.actions.map((action, i) => ({ ...action, body_text: bodyText(action.body, at(text, 'actions', i, 'body')) }));
}

/** A form-encoded body is a JSON string; its own text is what counts. */
function bodyText(body: unknown, raw: string | undefined): string | null {
  if (typeof body === 'string') return body;
  return body === null || body === undefined ? null : (raw ?? null);
}
