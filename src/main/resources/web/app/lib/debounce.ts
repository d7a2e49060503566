/** Calls `work` once the calls have paused. */
export function debounce<A extends unknown[]>(work: (...args: A) => void, milliseconds = 250): (...args: A) => void {
  let timer: number | undefined;
  return (...args) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => work(...args), milliseconds);
  };
}
