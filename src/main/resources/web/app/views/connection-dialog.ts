import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, type Connection, Problem, type Provider, say, type TestResult } from '../api';
import { remember } from '../api/directory';
import { field } from '../parts/field';
import { icon } from '../parts/icon';
import '../parts/modal';
import '../parts/notice';
import './test-result';
import { base, buttons, controls } from '../styles';
import { ConnectionForm, SETTINGS } from './connection-form';
import { credentialField } from './credential-field';

/** Creates or changes a connection; fields, labels, help, patterns and secrecy come from the service's description. */
@customElement('fy-connection-dialog')
export class ConnectionDialog extends LitElement {
  @property({ type: Boolean }) open = false;
  @property({ attribute: false }) providers: Provider[] = [];
  @property({ attribute: false }) problem: unknown;
  /** What is stored, to change it; null creates a new one. */
  @property({ attribute: false }) connection: Connection | null = null;
  @property({ attribute: false }) etag: string | null = null;
  @state() private form = new ConnectionForm();
  @state() private busy: '' | 'saving' | 'testing' = '';
  @state() private trouble: unknown;
  @state() private leaving = false;
  @state() private conflict = false;
  @state() private tested: TestResult | null = null;
  private stored: Connection | null = null;

  static override styles = [
    base,
    buttons,
    controls,
    css`
      .choices {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        gap: var(--gap-2);
        margin-top: var(--gap-1);
      }
      .choices label {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
        padding: var(--gap-3);
        border: 1px solid var(--edge);
        border-radius: var(--radius-s);
        font-weight: 550;
        cursor: pointer;
      }
      .choices label:has(:checked) {
        border-color: var(--accent);
        background: var(--accent-soft);
        box-shadow: 0 0 0 1px var(--accent);
      }
      .choices + .help {
        margin-top: var(--gap-2);
      }
      input[type='radio'] {
        accent-color: var(--accent);
        margin: 0;
      }
      .kept {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: var(--gap-3);
        padding: var(--gap-3);
        border-radius: var(--radius-s);
        background: var(--surface-2);
      }
      .kept p {
        display: flex;
        gap: var(--gap-2);
        align-items: center;
      }
      .kept svg {
        flex: none;
      }
      summary {
        cursor: pointer;
        font-weight: 600;
        font-size: var(--text-s);
      }
      .settings {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr));
        gap: var(--gap-4);
        margin-top: var(--gap-3);
      }
      .actions {
        position: sticky;
        bottom: calc(-1 * var(--gap-4));
        margin: 0 calc(-1 * var(--gap-4)) calc(-1 * var(--gap-4));
        padding: var(--gap-3) var(--gap-4);
        background: var(--surface);
        border-top: 1px solid var(--border);
      }
    `,
  ];

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('open') && this.open) this.start();
    if (this.open && this.providers.length === 1 && !this.form.provider) this.form.provider = this.providers[0];
  }

  override render() {
    const heading = this.stored ? `Edit ${this.stored.connection_name}` : 'New connection';
    return html`
      <fy-modal heading=${heading} .open=${this.open} @dismiss=${this.leave}>
        <form class="stack" novalidate @submit=${this.submit}>
          ${this.problem ? html`<fy-notice tone="bad" role="alert">${say(this.problem)}</fy-notice>` : nothing}
          ${this.stored ? nothing : this.choice()}
          ${this.form.provider ? [this.nameField(), this.credentialFields(), this.settingFields()] : nothing}
          <div class="actions stack">${this.messages()} ${this.buttons()}</div>
        </form>
      </fy-modal>
    `;
  }

  private choice(): TemplateResult {
    return html`
      <fieldset ?disabled=${this.busy !== ''}>
        <legend>Provider</legend>
        <div class="choices">
          ${this.providers.map(
            (provider) => html`
              <label>
                <input
                  type="radio"
                  name="provider"
                  .checked=${this.form.provider === provider}
                  @change=${() => this.change((form) => (form.provider = provider))}
                />
                ${provider.title}
              </label>
            `,
          )}
        </div>
        ${this.form.provider?.help ? html`<p class="help">${this.form.provider.help}</p>` : nothing}
      </fieldset>
    `;
  }

  private nameField(): TemplateResult {
    return field({
      id: 'connection_name',
      label: 'Name',
      value: this.form.name,
      required: true,
      placeholder: `${this.form.provider!.title} production`,
      help: 'How people find it in the FSM designer; unique among your connections.',
      error: this.form.errors.connection_name,
      input: (text) => this.type('connection_name', (form) => (form.name = text)),
    });
  }

  private credentialFields(): TemplateResult {
    if (!this.form.replacing) {
      return html`<div class="kept">
        <p>${icon('lock')}<span>Credentials are stored, and are never shown again.</span></p>
        <button type="button" @click=${() => this.replace(true)}>Replace credentials</button>
      </div>`;
    }
    return html`
      ${
        this.stored
          ? html`<div class="kept">
              <p>
                ${icon('warn')}<span>What is stored is replaced as a whole: fill in every field that is needed.</span>
              </p>
              <button type="button" @click=${() => this.replace(false)}>Keep what is stored</button>
            </div>`
          : nothing
      }
      ${this.form.provider!.fields.map((spec) =>
        credentialField(spec, this.form, (value) =>
          this.type(`credentials.${spec.name}`, (form) => (form.credentials[spec.name] = value)),
        ),
      )}
    `;
  }

  private settingFields(): TemplateResult {
    const wrong = SETTINGS.some(({ name }) => this.form.errors[`settings.${name}`]);
    return html`
      <details ?open=${wrong}>
        <summary>Limits and timeout</summary>
        <div class="settings">
          ${SETTINGS.map(({ name, label, help }) =>
            field({
              id: `settings.${name}`,
              label,
              help,
              optional: true,
              type: 'number',
              value: this.form.settings[name] ?? '',
              error: this.form.errors[`settings.${name}`],
              input: (text) => this.type(`settings.${name}`, (form) => (form.settings[name] = text)),
            }),
          )}
        </div>
      </details>
    `;
  }

  private messages(): TemplateResult | typeof nothing {
    if (this.leaving) {
      return html`<fy-notice tone="warn" role="alert">
        <p>Discard what you typed?</p>
        <div class="row">
          <button type="button" class="danger" @click=${this.close}>Discard</button>
          <button type="button" @click=${this.stay}>Keep editing</button>
        </div>
      </fy-notice>`;
    }
    if (this.conflict) {
      return html`<fy-notice tone="warn" role="alert">
        <p>
          Someone else changed this connection in the meantime. Load their version: what you typed stays, the rest is
          renewed. Then save again.
        </p>
        <button type="button" @click=${this.reload}>Load the newest version</button>
      </fy-notice>`;
    }
    if (this.trouble) return html`<fy-notice tone="bad" role="alert">${say(this.trouble)}</fy-notice>`;
    if (this.tested) return html`<fy-test-result .result=${this.tested}></fy-test-result>`;
    return nothing;
  }

  private buttons(): TemplateResult {
    const idle = this.busy === '' && this.form.provider !== null;
    return html`
      <div class="row" aria-live="polite">
        <button class="primary" ?disabled=${!idle}>${this.busy === 'saving' ? 'Saving…' : 'Save'}</button>
        <button type="button" ?disabled=${!idle} @click=${this.test}>
          ${this.busy === 'testing' ? 'Testing…' : 'Test connection'}
        </button>
        <button type="button" class="quiet" @click=${this.leave}>Cancel</button>
      </div>
    `;
  }

  private start(): void {
    this.stored = this.connection;
    this.form = ConnectionForm.of(this.connection, this.providers);
    this.busy = '';
    this.trouble = this.tested = null;
    this.leaving = this.conflict = false;
  }

  private change(how: (form: ConnectionForm) => void): void {
    how(this.form);
    this.requestUpdate();
  }

  private type(path: string, how: (form: ConnectionForm) => void): void {
    this.trouble = this.tested = null;
    this.change((form) => {
      how(form);
      form.touch(path);
    });
  }

  private replace(yes: boolean): void {
    this.change((form) => {
      form.replacing = yes;
      form.credentials = {};
      if (yes) form.touched.add('credentials');
      else form.touched.delete('credentials');
    });
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    if (this.busy === '' && this.form.provider) void this.during('saving', this.form.check(), () => this.save());
  }

  private test(): void {
    void this.during('testing', this.form.checkTrial(), async () => {
      this.tested = this.form.replacing
        ? await api.post<TestResult>('/connections/test', this.form.trial())
        : await api.post<TestResult>(`/connections/${this.stored!.id}/test`);
    });
  }

  private async during(what: 'saving' | 'testing', wrong: string | null, work: () => Promise<void>): Promise<void> {
    this.trouble = this.tested = null;
    this.leaving = false;
    if (wrong) return this.showErrors();
    this.busy = what;
    try {
      await work();
    } catch (thrown) {
      this.explain(thrown);
    } finally {
      this.busy = '';
    }
  }

  /** Saves what differs from what is stored. */
  private async save(): Promise<void> {
    const body = this.form.body(this.stored);
    if (this.stored && Object.keys(body).length === 0) return this.close();
    const { data } = this.stored
      ? await api.call<Connection>('PATCH', `/connections/${this.stored.id}`, { body, ifMatch: this.etag })
      : await api.call<Connection>('POST', '/connections', { body });
    remember([data]);
    this.form = new ConnectionForm();
    this.dispatchEvent(new CustomEvent('saved', { detail: data }));
  }

  private explain(thrown: unknown): void {
    if (!(thrown instanceof Problem)) this.trouble = thrown;
    else if (thrown.code === 'version_conflict') this.conflict = true;
    else if (thrown.code === 'connection_name_taken')
      this.form.errors.connection_name = 'Another connection has this name already.';
    else if (this.form.place(thrown.fields).length > 0 || thrown.fields.length === 0) this.trouble = thrown;
    void this.showErrors();
  }

  private async showErrors(): Promise<void> {
    this.requestUpdate();
    await this.updateComplete;
    const first = Object.keys(this.form.errors)[0];
    if (first) this.renderRoot.querySelector<HTMLElement>(`#${CSS.escape(first)}`)?.focus();
  }

  private async reload(): Promise<void> {
    try {
      const answer = await api.call<Connection>('GET', `/connections/${this.stored!.id}`);
      this.stored = answer.data;
      this.etag = answer.etag;
      this.form.takeOver(answer.data, this.providers);
      this.conflict = false;
    } catch (thrown) {
      this.trouble = thrown;
    }
  }

  private leave(): void {
    if (this.busy) return;
    if (this.form.dirty && !this.leaving) this.leaving = true;
    else this.close();
  }

  private stay(): void {
    this.leaving = false;
    this.renderRoot.querySelector<HTMLElement>('#connection_name')?.focus();
  }

  private close(): void {
    this.form = new ConnectionForm();
    this.dispatchEvent(new Event('dismiss'));
  }
}
