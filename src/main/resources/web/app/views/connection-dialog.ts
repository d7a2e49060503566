import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, type Connection, Problem, type Provider, type ProviderField, say, type TestResult } from '../api';
import { remember } from '../api/directory';
import { CredentialValues } from '../lib/credential-values';
import { guardLeaving } from '../lib/leave';
import { field } from '../parts/field';
import { icon } from '../parts/icon';
import '../parts/modal';
import '../parts/notice';
import './test-result';
import { base, buttons, controls } from '../styles';
import { dialogStyles } from './connection-dialog-styles';
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
  /** Of the test that is under way; what is typed ends it, since its answer would be about something else. */
  private testing: AbortController | undefined;

  static override styles = [base, buttons, controls, dialogStyles];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.testing?.abort();
    if (this.open) guardLeaving(null);
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('open') && this.open) this.start();
    if (changed.has('open') && !this.open && changed.get('open')) guardLeaving(null);
    if (this.open && this.providers.length === 1 && !this.form.provider) this.form.choose(this.providers[0]);
  }

  override render() {
    const heading = this.stored ? `Edit ${this.stored.connection_name}` : 'New connection';
    return html`
      <fy-modal heading=${heading} .open=${this.open} @dismiss=${this.leave}>
        <form class="stack" novalidate @submit=${this.submit} @focusout=${this.left}>
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
      <fieldset>
        <legend>Provider</legend>
        <div class="choices">
          ${this.providers.map(
            (provider) => html`
              <label>
                <input
                  type="radio"
                  name="provider"
                  .checked=${this.form.provider === provider}
                  @change=${() => this.choose(provider)}
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
      ${this.form.credentials.fields().map((spec) => [
        this.either(spec.name),
        this.choiceBefore(spec),
        credentialField(spec, this.form, (name, value) =>
          this.type(`credentials.${name}`, (form) => (form.credentials.values[name] = value)),
        ),
      ])}
    `;
  }

  /** Which of the fields that exclude each other is filled in. */
  private choiceBefore(spec: ProviderField): TemplateResult | typeof nothing {
    const choice = this.form.credentials.choiceOf(spec);
    if (!choice) return nothing;
    const fields = this.form.provider!.fields;
    const options = choice.fields.map((name): [string, string] => [
      name,
      fields.find((field) => field.name === name)?.label ?? name,
    ]);
    return field({
      id: `choice.${choice.fields[0]}`,
      label: choice.label,
      help: choice.help,
      options,
      value: spec.name,
      input: (name) => this.type('credentials', (form) => form.credentials.choose(choice, name)),
    });
  }

  /** Before the first field of each group of which one is needed. */
  private either(name: string): TemplateResult | typeof nothing {
    const groups = this.form.provider!.alternatives ?? [];
    const index = groups.findIndex(([first]) => first === name);
    if (index < 0) return nothing;
    const rest = groups[index].length > 1 ? ' these together:' : ' this:';
    return html`<p class="either">${index === 0 ? 'Either' : 'Or'}${rest}</p>`;
  }

  private settingFields(): TemplateResult {
    const wrong = SETTINGS.some(({ name }) => this.form.errors[`settings.${name}`]);
    return html`
      <details ?open=${wrong}>
        <summary>Limits and timeout</summary>
        <div class="settings">
          ${SETTINGS.map(({ name, label, help, options }) =>
            field({
              id: `settings.${name}`,
              label,
              help,
              optional: !options,
              type: 'number',
              options,
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
    if (this.tested) return html`<fy-test-result .result=${this.tested} .provider=${this.form.provider?.name ?? ''}></fy-test-result>`;
    return nothing;
  }

  private buttons(): TemplateResult {
    const busy = this.busy !== '' || !this.form.provider ? 'true' : 'false';
    return html`
      <div class="row" aria-live="polite">
        <button class="primary" aria-disabled=${busy}>${this.busy === 'saving' ? 'Saving…' : 'Save'}</button>
        <button type="button" aria-disabled=${busy} @click=${this.test}>
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
    guardLeaving(() => this.mayLeave());
  }

  private choose(provider: Provider): void {
    this.stopTest();
    this.trouble = this.tested = null;
    this.change((form) => form.choose(provider));
  }

  private stopTest(): void {
    this.testing?.abort();
    this.testing = undefined;
    if (this.busy === 'testing') this.busy = '';
  }

  private change(how: (form: ConnectionForm) => void): void {
    how(this.form);
    this.requestUpdate();
  }

  private type(path: string, how: (form: ConnectionForm) => void): void {
    this.stopTest();
    this.trouble = this.tested = null;
    this.change((form) => {
      how(form);
      form.touch(path);
    });
  }

  /**
   * Judges a field on the way to the next one (only fields have ids). Not on the way to a button, which what is said of
   * the field would push away from under the pointer; the button has everything judged anyway.
   */
  private left({ target, relatedTarget: next }: FocusEvent): void {
    if (next instanceof HTMLElement && next.id) this.change((form) => form.left((target as HTMLElement).id));
  }

  private async replace(yes: boolean): Promise<void> {
    this.stopTest();
    this.tested = null;
    this.change((form) => {
      form.replacing = yes;
      form.credentials = new CredentialValues(form.provider ?? undefined);
      if (yes) form.touched.add('credentials');
      else form.touched.delete('credentials');
    });
    await this.updateComplete;
    // The button that was pressed is gone: go on at what it was for.
    const first = this.form.provider?.fields[0];
    const next = yes && first ? `#${CSS.escape(`credentials.${first.name}`)}` : '.kept button';
    this.renderRoot.querySelector<HTMLElement>(next)?.focus();
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    if (this.busy === '' && this.form.provider) void this.during('saving', this.form.check(), () => this.save());
  }

  private test(): void {
    if (this.busy !== '' || !this.form.provider) return;
    const { signal } = (this.testing = new AbortController());
    void this.during('testing', this.form.checkTrial(), async () => {
      const [path, body] = this.form.replacing
        ? ['/connections/test', this.form.trial()]
        : [`/connections/${this.stored!.id}/test`, undefined];
      const { data } = await api.call<TestResult>('POST', path, { body, signal });
      if (!signal.aborted) this.tested = data;
    });
  }

  private async during(what: 'saving' | 'testing', wrong: string | null, work: () => Promise<void>): Promise<void> {
    this.trouble = this.tested = null;
    this.leaving = false;
    if (wrong) return this.showErrors();
    this.busy = what;
    const test = this.testing;
    const isOver = () => what === 'testing' && test?.signal.aborted;
    try {
      await work();
    } catch (thrown) {
      if (!isOver()) this.explain(thrown);
    } finally {
      if (!isOver()) this.busy = '';
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
    this.stopTest();
    if (this.busy) return;
    if (this.form.dirty && !this.leaving) this.leaving = true;
    else this.close();
  }

  /** Whether the browser's way back may take the dialog along. */
  private mayLeave(): boolean {
    if (!this.form.dirty) return true;
    this.leaving = true;
    return false;
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
