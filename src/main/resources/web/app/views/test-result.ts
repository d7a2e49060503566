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
  @property() provider = '';

  static override styles = [base];

  override render() {
    const { outcome, message, response_status: status, duration_ms: took } = this.result;
    const facts = [status ? `HTTP ${status}` : '', took === null ? '' : millis(took)].filter(Boolean).join(', ');
    const isGood = outcome === 'ok' && (this.provider !== 'generic_rest' || (status !== null && status < 300));
    const words = testWords(this.result, this.provider);
    const more = words.startsWith(message) ? '' : message;
    const tone = isGood ? 'ok' : outcome === 'ok' ? 'idle' : 'bad';
    return html`<fy-notice tone=${tone} role=${outcome === 'ok' ? 'status' : 'alert'}>
      <p><strong>${words}</strong></p>
      <p class="small">${more}${facts ? html` <span class="muted">(${facts})</span>` : nothing}</p>
    </fy-notice>`;
  }
}
