import type { Provider, ProviderField } from '../api';

/** A text, the rows of a map, or the items of a list. */
export type FieldValue = string | Array<[string, string]> | string[];

/** What is wrong with a field's value, as the provider's description judges it; null when nothing is. */
export function judge(field: ProviderField, value: FieldValue | undefined): string | null {
  if (isEmpty(value)) return field.required && field.min_length !== 0 ? `${field.label} is needed.` : null;
  if (field.type === 'list') return judgeList(field, value as string[]);
  if (typeof value !== 'string') return judgeMap(field, value as Array<[string, string]>);
  const trimmed = value.trim();
  if (field.options?.length && !field.options.includes(trimmed)) return `Choose one of: ${field.options.join(', ')}.`;
  return isPadded(field, value) ? `${field.label} has ${PADDED}` : judgeText(field, trimmed);
}

const PADDED = 'white space before or after it; remove that.';

/**
 * Whether a secret was pasted with white space around it, part of which nobody sees. It is named and not removed: people
 * may have stored or given away the same copy elsewhere, and the service refuses it as well. Several lines, such as a key in
 * PEM, end in one.
 */
function isPadded({ secret, type }: ProviderField, text: string): boolean {
  return Boolean(secret) && type !== 'text' && /^[\s\u0085\u200b]|[\s\u0085\u200b]$/u.test(text);
}

function judgeText(field: ProviderField, trimmed: string): string | null {
  if (field.max_length && [...trimmed].length > field.max_length) return `Use at most ${field.max_length} characters.`;
  if (field.pattern && !matches(field.pattern, trimmed)) {
    return `This does not look like ${article(field.label)}${field.format ? `: it is ${field.format}` : ''}.`;
  }
  return null;
}

/** The value as it is sent; undefined for an empty one. */
export function wire(value: FieldValue | undefined): string | string[] | Record<string, string> | undefined {
  if (isEmpty(value)) return undefined;
  if (typeof value === 'string') return value.trim();
  if (isList(value!)) return value.map((item) => item.trim()).filter(Boolean);
  return Object.fromEntries(value!.filter(([name]) => name.trim()).map(([name, content]) => [name.trim(), content]));
}

export function judgeName(name: string): string | null {
  if (!name.trim()) return 'Give the connection a name, so that it can be found in the FSM designer.';
  return [...name.trim()].length > 120 ? 'Use at most 120 characters.' : null;
}

/** A whole number within bounds, or nothing. */
export function judgeNumber(text: string, least: number, most: number): string | null {
  if (!text.trim()) return null;
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return null;
  return `Enter a whole number from ${least} to ${most}, or leave it empty.`;
}

export function isEmpty(value: FieldValue | undefined): boolean {
  if (value === undefined) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (isList(value)) return value.every((item) => !item.trim());
  return value.every(([name, content]) => !name.trim() && !content);
}

function isList(value: FieldValue): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function judgeList(field: ProviderField, items: string[]): string | null {
  for (const [index, item] of items.entries()) {
    const wrong = judgeItem(field, item);
    if (wrong) return `Number ${index + 1} ${wrong}`;
  }
  return null;
}

/** What is wrong with one item of a list; an empty one is left out, and right. */
export function judgeItem(field: ProviderField, item: string): string | null {
  const trimmed = item.trim();
  if (trimmed && isPadded(field, item)) return `has ${PADDED}`;
  return trimmed && judgeText(field, trimmed) ? `must be ${field.format ?? 'something else'}.` : null;
}

function judgeMap(field: ProviderField, rows: Array<[string, string]>): string | null {
  for (const row of rows) {
    const wrong = judgeRow(field, row);
    if (wrong.name || wrong.value) return wrong.name ?? wrong.value!;
  }
  const written = rows.filter(([name, content]) => name || content).map(([name]) => name.trim());
  // Headers are the same in any case (RFC 9110, section 5.1).
  const names = field.name === 'headers' ? written.map((name) => name.toLowerCase()) : written;
  if (new Set(names).size < names.length) return `The same ${singular(field)} is there twice.`;
  return field.max_entries && names.length > field.max_entries ? `Use at most ${field.max_entries}.` : null;
}

/** One entry of a map, for people. */
export function singular({ label }: ProviderField): string {
  return label.toLowerCase().replace(/s$/, '');
}

/** What is wrong with one entry; an empty row is left out, and right. */
export function judgeRow(field: ProviderField, [name, value]: [string, string]): { name?: string; value?: string } {
  if (!name.trim() && !value) return {};
  const what = singular(field);
  if (!name.trim()) return { name: `Give the ${what} a name.` };
  if (field.name_pattern && !matches(field.name_pattern, name.trim()))
    return { name: `A ${what}’s name may have ${field.name_format ?? 'other characters only'}.` };
  if (!value) return field.min_length === 0 ? {} : { value: `Give the ${what} a value.` };
  if (isPadded(field, value)) return { value: `A ${what}’s value has ${PADDED}` };
  const wrong = judgeText({ ...field, label: `${what}’s value` }, value);
  return wrong ? { value: wrong } : {};
}

/** What is wrong between the fields of which one group is needed; by field. */
export function judgeAlternatives(
  { fields, alternatives }: Provider,
  values: Record<string, FieldValue>,
): Record<string, string> {
  if (!alternatives?.length) return {};
  const label = (name: string) => fields.find((field) => field.name === name)?.label ?? name;
  const given = (name: string) => !isEmpty(values[name]);
  const begun = alternatives.filter((group) => group.some(given));
  const all = alternatives.map((group) => group.map(label).join(' with ')).join(', or ');
  if (begun.length === 0) return { [alternatives[0][0]]: `One of these is needed: ${all}.` };
  if (begun.length > 1) return { [begun[1].find(given)!]: `Give only one of these: ${all}.` };
  const missing = begun[0].filter((name) => !given(name));
  const there = begun[0].filter(given).map(label).join(' and ');
  return Object.fromEntries(missing.map((name) => [name, `${label(name)} is needed with ${there}.`]));
}

/** What is missing of fields that are given all or not at all; by field. */
export function judgeTogether({ fields, together }: Provider, values: Record<string, FieldValue>): Record<string, string> {
  const label = (name: string) => fields.find((field) => field.name === name)?.label ?? name;
  const missing: Record<string, string> = {};
  for (const group of together ?? []) {
    const given = group.find((name) => !isEmpty(values[name]));
    for (const name of group) {
      if (given && isEmpty(values[name])) missing[name] = `${label(name)} is needed with ${label(given)}.`;
    }
  }
  return missing;
}

/** The service anchors its patterns; one that this browser cannot read is left to the service. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch {
    return true;
  }
}

function article(label: string): string {
  return /^[aeiou]/i.test(label) ? `an ${label}` : `a ${label}`;
}
