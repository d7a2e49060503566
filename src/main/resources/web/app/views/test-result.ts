import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { TestResult } from '../api';
import { millis } from '../lib/format';
import { testWords } from '../lib/words';
import '../parts/notice';
import { base } from '../styles';

/** A connection test's answer, in words. */
@customElement('fy-test-result')
export class TestResultNotice extends LitElement {
  @property({ attribute: false }) result!: TestResult;

  static override styles = [base];

  override render() {
    const { outcome, message, response_status: status, duration_ms: took } = this.result;
    const facts = [status ? `HTTP ${status}` : '', took === null ? '' : millis(took)].filter(Boolean).join(', ');
    return html`<fy-notice tone=${outcome === 'ok' ? 'ok' : 'bad'} role=${outcome === 'ok' ? 'status' : 'alert'}>
      <p><strong>${testWords(this.result)}</strong></p>
      <p class="small">${message}${facts ? html` <span class="muted">(${facts})</span>` : nothing}</p>
    </fy-notice>`;
  }
}
