/** Asks before typed text is thrown away; says whether the page may be left at once. */
type Guard = () => boolean;

let guard: Guard | null = null;

window.addEventListener('beforeunload', (event) => {
  if (!mayLeave()) event.preventDefault();
});

/** From now on this one is asked (null: none). */
export function guardLeaving(next: Guard | null): void {
  guard = next;
}

export function mayLeave(): boolean {
  return guard?.() ?? true;
}
