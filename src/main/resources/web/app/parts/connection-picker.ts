import { html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { api, type Connection } from '../api';
import { connectionName, remember } from '../api/directory';
import { debounce } from '../lib/debounce';
import { providerTitle } from '../lib/words';
import { base, controls } from '../styles';

const SUGGESTIONS = 20;

/** Chooses one of any number of connections by its name, with suggestions from the service; `pick` says which. */
@customElement('fy-connection-picker')
export class ConnectionPicker extends LitElement {
  /** The id of what is chosen; empty for none. */
  @property() value = '';
  @property() placeholder = '';
  @property() help = '';
  @state() private text = '';
  @state() private found: Connection[] = [];
  private readonly suggestLater = debounce(() => this.suggest());

  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [base, controls];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.suggest();
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('value')) void this.name();
  }

  override render() {
    return html`
      <div class="field">
        <label for="connection">Connection</label>
        <input
          id="connection"
          type="search"
          list="found"
          autocomplete="off"
          placeholder=${this.placeholder}
          .value=${live(this.text)}
          @input=${this.typed}
        />
        <datalist id="found">
          ${this.found.map(
            ({ connection_name: name, provider }) => html`<option value=${name}>${providerTitle(provider)}</option>`,
          )}
        </datalist>
        ${this.help ? html`<p class="help">${this.help}</p>` : null}
      </div>
    `;
  }

  private async name(): Promise<void> {
    const id = this.value;
    const text = id ? await connectionName(id) : '';
    if (id === this.value && (id || !this.matches(this.text))) this.text = text;
  }

  private typed(event: Event): void {
    this.text = (event.target as HTMLInputElement).value;
    if (!this.choose()) this.suggestLater();
  }

  private async suggest(): Promise<void> {
    const query = { q: this.value ? '' : this.text.trim(), limit: SUGGESTIONS };
    this.found = await api.get<Connection[]>('/connections', query).catch(() => this.found);
    remember(this.found);
    if (this.text) this.choose();
  }

  /** Takes what is typed when it is a name, or nothing; says whether it did. */
  private choose(): boolean {
    const chosen = this.matches(this.text);
    if (!chosen && this.text.trim()) return false;
    const id = chosen?.id ?? '';
    if (id !== this.value) {
      this.value = id;
      this.dispatchEvent(new CustomEvent('pick', { detail: id }));
    }
    return true;
  }

  private matches(text: string): Connection | undefined {
    const wanted = text.trim().toLowerCase();
    return this.found.find(({ connection_name: name }) => name.toLowerCase() === wanted);
  }
}
