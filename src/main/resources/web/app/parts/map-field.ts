import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ProviderField } from '../api';
import { judgeRow, singular } from '../lib/validate';
import { base, buttons, controls } from '../styles';
import { notes } from './field';
import { icon } from './icon';

export type Rows = Array<[name: string, value: string]>;

/** Names and values, such as headers; row by row. */
@customElement('fy-map')
export class MapField extends LitElement {
  @property() label = '';
  @property() help = '';
  @property() error = '';
  @property({ attribute: false }) spec!: ProviderField;
  @property({ attribute: false }) rows: Rows = [];

  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    buttons,
    controls,
    css`
      li {
        display: grid;
        grid-template-columns: 1fr 1.4fr auto;
        gap: var(--gap-2);
        margin-bottom: var(--gap-2);
      }
      legend {
        margin-bottom: var(--gap-1);
      }
    `,
  ];

  override render() {
    return html`
      <fieldset class="field">
        <legend>${this.label} <span class="optional">(optional)</span></legend>
        <ul>
          ${this.rows.map(([name, value], index) => this.row(name, value, index))}
        </ul>
        <div>
          <button type="button" @click=${this.add}>
            ${icon('plus', 16)}Add ${singular(this.spec)}
          </button>
        </div>
        ${notes({ id: 'map', help: this.help, error: this.error })}
      </fieldset>
    `;
  }

  private row(name: string, value: string, index: number) {
    const set = (at: 0 | 1) => (event: Event) => this.change(index, at, (event.target as HTMLInputElement).value);
    const which = `${this.label} ${index + 1}`;
    const wrong = this.error ? judgeRow(this.spec, [name, value]) : {};
    const isWrong = Boolean(this.error) && !this.rows.some((row) => Object.keys(judgeRow(this.spec, row)).length);
    return html`
      <li>
        <input
          aria-label="${which}, name"
          placeholder="Name"
          .value=${name}
          autocomplete="off"
          spellcheck="false"
          aria-invalid=${wrong.name || isWrong ? 'true' : 'false'}
          aria-describedby=${wrong.name || isWrong ? 'map-error' : nothing}
          @input=${set(0)}
        />
        <input
          aria-label="${which}, value"
          placeholder="Value"
          type=${this.spec.secret ? 'password' : 'text'}
          .value=${value}
          autocomplete="new-password"
          spellcheck="false"
          aria-invalid=${wrong.value ? 'true' : 'false'}
          aria-describedby=${wrong.value ? 'map-error' : nothing}
          @input=${set(1)}
        />
        <button type="button" class="icon" aria-label="Remove ${which}" @click=${() => this.removeRow(index)}>
          ${icon('close')}
        </button>
      </li>
    `;
  }

  /** At what is wrong, where something is. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('[aria-invalid="true"], input, div > button')?.focus();
  }

  private async add(): Promise<void> {
    this.emit([...this.rows, ['', '']]);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('li:last-child input')?.focus();
  }

  private change(index: number, at: 0 | 1, text: string): void {
    this.emit(this.rows.map((row, i) => (i === index ? (at === 0 ? [text, row[1]] : [row[0], text]) : row)));
  }

  private removeRow(index: number): void {
    this.emit(this.rows.filter((_, i) => i !== index));
    this.renderRoot.querySelector<HTMLElement>('div > button')?.focus();
  }

  private emit(rows: Rows): void {
    this.rows = rows;
    this.dispatchEvent(new CustomEvent('value', { detail: rows }));
  }
}
