import { html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { session } from '../api';
import { field } from '../parts/field';
import '../parts/modal';
import { base, buttons, controls } from '../styles';

/** Asks for a token over whatever is being done; the work below stays as it is and goes on afterwards. */
@customElement('fy-token-dialog')
export class TokenDialog extends LitElement {
  @property({ type: Boolean }) open = false;
  @state() private text = '';
  @state() private error: string | null = null;

  static override styles = [base, buttons, controls];

  override render() {
    const again = session.claims !== null;
    return html`
      <fy-modal heading=${again ? 'Your session has ended' : 'Sign in'} .open=${this.open} fixed>
        <form class="stack" novalidate @submit=${this.submit}>
          <p>
            ${
              again
                ? 'Sign in again in the FastYoke admin shell and come back: this page goes on by itself, and nothing you typed is lost.'
                : 'Open this page from the FastYoke admin shell, where you are signed in.'
            }
            You can also paste a token.
          </p>
          ${field({
            id: 'token',
            label: 'Token',
            type: 'password',
            value: this.text,
            required: true,
            error: this.error,
            help: 'It is kept in this tab only, and never becomes part of an address.',
            input: (text) => (this.text = text),
          })}
          <div class="row">
            <button class="primary">Continue</button>
          </div>
        </form>
      </fy-modal>
    `;
  }

  private submit(event: Event): void {
    event.preventDefault();
    this.error = this.text.trim() ? session.offer(this.text) : 'Paste a token first.';
    if (this.error) {
      this.renderRoot.querySelector<HTMLElement>('input')?.focus();
      return;
    }
    session.keep();
    this.text = '';
  }
}
