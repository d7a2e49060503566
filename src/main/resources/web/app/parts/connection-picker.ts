import { html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { api, type Connection } from '../api';
import { connectionName, remember } from '../api/directory';
import { debounce } from '../lib/debounce';
import { provider as title } from './provider';
import { base, controls } from '../styles';

const SUGGESTIONS = 20;

/** Chooses one of any number of connections by its name, with suggestions from the service; `pick` says which. */
@customElement('fy-connection-picker')
export class ConnectionPicker extends LitElement {
  /** The id of what is chosen; empty for none. */
  @property() value = '';
  @property() placeholder = '';
  @property() help = '';
  /** Only connections of this provider are suggested; empty for all. */
  @property() provider = '';
  @state() private text = '';
  @state() private found: Connection[] = [];
  /** Whether the service knows nothing that fits what is typed. */
  @state() private unknown = false;
  /** What was chosen here; any other value comes from outside, and brings its name along. */
  private own = '';
  private readonly suggestLater = debounce(() => this.suggest());

  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [base, controls];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.suggest();
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('value') && this.value !== this.own) void this.name();
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
          aria-describedby="help"
          @input=${this.typed}
        />
        <datalist id="found">
          ${this.found.map(
            ({ connection_name: name, provider }) => html`<option value=${name}>${title(provider)}</option>`,
          )}
        </datalist>
        <p class="help" id="help" role="status">
          ${this.unknown ? 'No connection has this name.' : this.help}
        </p>
      </div>
    `;
  }

  private async name(): Promise<void> {
    const id = (this.own = this.value);
    const text = id ? await connectionName(id) : '';
    if (id === this.value) this.text = text;
    this.unknown = false;
  }

  private typed(event: Event): void {
    this.text = (event.target as HTMLInputElement).value;
    this.unknown = false;
    if (this.choose()) return;
    this.pick('');
    this.suggestLater();
  }

  private async suggest(): Promise<void> {
    const text = this.text.trim();
    const query = { q: this.value ? '' : text, provider: this.provider, limit: SUGGESTIONS };
    this.found = await api.get<Connection[]>('/connections', query).catch(() => this.found);
    remember(this.found);
    if (!text || text !== this.text.trim()) return;
    this.unknown = !this.choose() && this.found.length === 0;
  }

  /** Takes what is typed when it is a name or an id, or nothing; says whether it did. */
  private choose(): boolean {
    const chosen = this.named(this.text);
    if (!chosen && this.text.trim()) return false;
    this.pick(chosen?.id ?? '');
    return true;
  }

  private pick(id: string): void {
    if (id === this.value) return;
    this.own = this.value = id;
    this.dispatchEvent(new CustomEvent('pick', { detail: id }));
  }

  private named(text: string): Connection | undefined {
    const wanted = text.trim().toLowerCase();
    return this.found.find(({ id, connection_name: name }) => name.toLowerCase() === wanted || id === wanted);
  }
}
