import { until } from 'lit/directives/until.js';
import { providerTitle } from '../api/directory';

/** What the service calls a provider. */
export function provider(name: string | null | undefined) {
  return until(providerTitle(name), name ?? '…');
}
