const LOCAL = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?$/;

/** The last moment that a field for a date and a time takes; the service reads years of four digits only. */
export const LATEST = '9999-12-31T23:59';

/** A moment as `datetime-local` writes it, in the time zone of the browser; null when it is none. */
export function moment(text: string): Date | null {
  const at = new Date(text);
  return LOCAL.test(text) && !Number.isNaN(at.getTime()) ? at : null;
}

/** The other way round. */
export function local(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export interface Span {
  since: string;
  until: string;
  /** What is wrong, by field. */
  errors: { from?: string; to?: string };
}

/** From and to as a filter; what is wrong is left out of it. */
export function span(from: string, to: string): Span {
  const [begin, end] = [moment(from), moment(to)];
  const errors: Span['errors'] = {};
  if (from && !begin) errors.from = 'This is not a date and a time.';
  if (to && !end) errors.to = 'This is not a date and a time.';
  if (begin && end && end < begin) errors.to = 'This is before the beginning.';
  return { since: begin?.toISOString() ?? '', until: end?.toISOString() ?? '', errors };
}
