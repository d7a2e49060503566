import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ProviderField } from '../api';
import { judgeItem, singular } from '../lib/validate';
import { base, buttons, controls } from '../styles';
import { notes } from './field';
import { icon } from './icon';

/** Values of one kind in their order, such as signing secrets; row by row. */
@customElement('fy-list')
export class ListField extends LitElement {
  @property() error = '';
  @property({ attribute: false }) spec!: ProviderField;
  @property({ attribute: false }) items: string[] = [];

  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [
    base,
    buttons,
    controls,
    css`
      li {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: var(--gap-2);
        margin-bottom: var(--gap-2);
      }
      legend {
        margin-bottom: var(--gap-1);
      }
    `,
  ];

  override render() {
    const items = this.shown();
    const isFull = Boolean(this.spec.max_entries) && items.length >= this.spec.max_entries!;
    return html`
      <fieldset class="field">
        <legend>${this.spec.label}</legend>
        <ul>
          ${items.map((item, index) => this.row(item, index))}
        </ul>
        <div>
          <button type="button" aria-disabled=${isFull ? 'true' : 'false'} @click=${() => isFull || this.add()}>
            ${icon('plus', 16)}Add ${singular(this.spec)}
          </button>
        </div>
        ${notes({ id: 'list', help: this.spec.help, error: this.error })}
      </fieldset>
    `;
  }

  private row(item: string, index: number) {
    const which = `${this.spec.label} ${index + 1}`;
    const isWrong = this.error.startsWith(`Number ${index + 1} `) || (this.error && judgeItem(this.spec, item));
    return html`
      <li>
        <input
          aria-label=${which}
          placeholder=${this.spec.placeholder ?? ''}
          type=${this.spec.secret ? 'password' : 'text'}
          class="mono"
          .value=${item}
          autocomplete="new-password"
          autocapitalize="off"
          spellcheck="false"
          aria-invalid=${isWrong ? 'true' : 'false'}
          aria-describedby=${isWrong ? 'list-error' : 'list-help'}
          @input=${(event: Event) => this.change(index, (event.target as HTMLInputElement).value)}
        />
        <button type="button" class="icon" aria-label="Remove ${which}" @click=${() => this.removeRow(index)}>
          ${icon('close')}
        </button>
      </li>
    `;
  }

  /** At what is wrong, where something is, once it is shown. */
  override focus(): void {
    void this.updateComplete.then(() =>
      (
        this.renderRoot.querySelector<HTMLElement>('[aria-invalid="true"]') ??
        this.renderRoot.querySelector<HTMLElement>('input')
      )?.focus(),
    );
  }

  /** There is always a row to type into. */
  private shown(): string[] {
    return this.items.length ? this.items : [''];
  }

  private async add(): Promise<void> {
    this.emit([...this.shown(), '']);
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('li:last-child input')?.focus();
  }

  private change(index: number, text: string): void {
    this.emit(this.shown().map((item, i) => (i === index ? text : item)));
  }

  private removeRow(index: number): void {
    this.emit(this.shown().filter((_, i) => i !== index));
    this.renderRoot.querySelector<HTMLElement>('div > button')?.focus();
  }

  private emit(items: string[]): void {
    this.items = items;
    this.dispatchEvent(new CustomEvent('value', { detail: items }));
  }
}
