import { isJson, layOut } from './json-text';

const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const timeWithSeconds = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const number = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

const STEPS: Array<[Intl.RelativeTimeFormatUnit, number]> = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

export function ago(iso: string, now = Date.now()): string {
  const distance = Date.parse(iso) - now;
  for (const [unit, size] of STEPS) {
    if (Math.abs(distance) >= size) return relative.format(Math.trunc(distance / size), unit);
  }
  return distance > 1_000 ? `in ${Math.round(distance / 1_000)} s` : 'just now';
}

export function exact(iso: string): string {
  return dateTime.format(new Date(iso));
}

export function timeOfDay(at: Date): string {
  return timeWithSeconds.format(at);
}

export function hour(at: Date): string {
  return clock.format(at);
}

export function count(value: number): string {
  return number.format(value);
}

/** As short as an axis needs it: 120K. */
export function compact(value: number): string {
  return short.format(value);
}

export function millis(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (value < 1_000) return `${Math.round(value)} ms`;
  if (value < 60_000) return `${(value / 1_000).toFixed(1)} s`;
  return `${Math.floor(value / 60_000)} min ${Math.round((value % 60_000) / 1_000)} s`;
}

/** Rounded down: what is not all of it never reads as all of it, nor what is something as nothing. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = (100 * part) / whole;
  if (part > 0 && share < 1) return '<1%';
  return `${share > 99 && share < 100 ? (Math.floor(share * 10) / 10).toFixed(1) : Math.floor(share)}%`;
}

export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** JSON laid out for reading; anything else as it came. */
export function pretty(text: string): string {
  return isJson(text) ? layOut(text) : text;
}
