import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { base, buttons, controls } from '../styles';
import { describedBy, type Field, notes } from './field';

type Noted = Pick<Field, 'id' | 'help' | 'error'>;

/** A field whose value goes out and never comes back; it can be looked at while it is being typed. */
@customElement('fy-secret')
export class SecretField extends LitElement {
  @property() label = '';
  @property() value = '';
  @property() help = '';
  @property() error = '';
  @property() placeholder = '';
  /** Of a text with several lines; 0 for one line. */
  @property({ type: Number }) rows = 0;
  @property({ type: Boolean }) optional = false;
  @property({ type: Boolean }) required = false;
  @state() private shown = false;

  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    buttons,
    controls,
    css`
      button {
        flex: none;
        min-width: 4.25rem;
      }
      textarea.veiled {
        -webkit-text-security: disc;
      }
    `,
  ];

  override render() {
    const spec = { id: 'secret', help: this.help, error: this.error };
    return html`
      <div class="field">
        <label for="secret"
          >${this.label}${this.optional ? html` <span class="optional">(optional)</span>` : null}</label
        >
        <div class="with-button">
          ${this.rows ? this.lines(spec) : this.line(spec)}
          <button
            type="button"
            aria-label="${this.shown ? 'Hide' : 'Show'} ${this.label}"
            @click=${() => (this.shown = !this.shown)}
          >
            ${this.shown ? 'Hide' : 'Show'}
          </button>
        </div>
        ${notes(spec)}
      </div>
    `;
  }

  private line(spec: Noted): TemplateResult {
    return html`<input
      id="secret"
      type=${this.shown ? 'text' : 'password'}
      class="mono"
      .value=${live(this.value)}
      placeholder=${this.placeholder}
      autocomplete="new-password"
      autocapitalize="off"
      spellcheck="false"
      ?required=${this.required}
      aria-invalid=${this.error ? 'true' : 'false'}
      aria-describedby=${describedBy(spec)}
      @input=${this.typed}
    />`;
  }

  private lines(spec: Noted): TemplateResult {
    return html`<textarea
      id="secret"
      rows=${this.rows}
      class=${this.shown || !this.value ? 'mono' : 'mono veiled'}
      .value=${live(this.value)}
      placeholder=${this.placeholder}
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      ?required=${this.required}
      aria-invalid=${this.error ? 'true' : 'false'}
      aria-describedby=${describedBy(spec)}
      @input=${this.typed}
    ></textarea>`;
  }

  private typed(event: Event): void {
    this.value = (event.target as HTMLInputElement).value;
    this.dispatchEvent(new CustomEvent('value', { detail: this.value }));
  }
}
