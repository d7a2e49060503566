import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { until } from 'lit/directives/until.js';
import type { Action, Run } from '../api';
import { connectionName } from '../api/directory';
import { millis, plural } from '../lib/format';
import { href } from '../lib/route';
import { adviceFor, waitsFor } from '../lib/words';
import '../parts/chip';
import { provider } from '../parts/provider';
import { time } from '../parts/time';

/** Runs as a table, newest first. */
export function runTable(runs: Run[], label: string): TemplateResult {
  return html`
    <div class="table-box">
      <table class="cards" role="table" aria-label=${label}>
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">Delivery</th>
            <th role="columnheader" scope="col">Status</th>
            <th role="columnheader" scope="col">Through</th>
            <th role="columnheader" scope="col">What happened</th>
            <th role="columnheader" scope="col">When</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          ${repeat(runs, ({ id }) => id, row)}
        </tbody>
      </table>
    </div>
  `;
}

function row(run: Run): TemplateResult {
  return html`
    <tr role="row">
      <th role="rowheader" scope="row" class="break"><a href=${href('deliveries', run.id)}>${run.job_id ?? run.id}</a></th>
      <td role="cell" data-label="Status"><fy-chip status=${run.status}></fy-chip></td>
      <td role="cell" data-label="Through"><span>${through(run.actions)}</span></td>
      <td role="cell" data-label="What happened"><span>${summary(run)}</span></td>
      <td role="cell" data-label="When" class="nowrap">${time(run.created_at)}</td>
    </tr>
  `;
}

function through(actions: Action[]): TemplateResult {
  const ids = [...new Set(actions.map(({ connection_id: id }) => id).filter((id) => id !== null))];
  const [first] = ids;
  if (!first) return html`<span class="muted">${provider(actions[0]?.provider)}</span>`;
  const name = until(connectionName(first), '…');
  return html`${name}${ids.length > 1 ? html` <span class="muted">+${ids.length - 1}</span>` : null}`;
}

function summary(run: Run): string {
  const waiting = run.actions.find(({ status }) => status === 'retrying');
  if (waiting) return `Trying again after ${plural(waiting.attempts, 'attempt')}`;
  if (run.waiting_for) return `Waits for ${waitsFor(run.waiting_for)}`;
  const failed = run.actions.find(({ error }) => error !== null);
  if (failed?.error) {
    const status =
      failed.error.code === 'http_status' && failed.response_status ? `HTTP ${failed.response_status}. ` : '';
    return status + adviceFor(failed.error.code, failed.response_status).what;
  }
  const took = run.actions.reduce((sum, { duration_ms: part }) => sum + (part ?? 0), 0);
  const answered = run.actions.filter(({ status }) => status === 'succeeded').length;
  return answered ? `${plural(answered, 'action')} delivered in ${millis(took)}` : plural(run.actions.length, 'action');
}
