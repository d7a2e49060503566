import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { api, type NoticeSettings, type NoticeType, Problem, say, session } from '../api';
import { guardLeaving } from '../lib/leave';
import { Load } from '../lib/load';
import { href } from '../lib/route';
import '../parts/connection-picker';
import { field, notes } from '../parts/field';
import '../parts/notice';
import { empty, unless } from '../parts/states';
import { toast } from '../parts/toasts';
import { base, buttons, controls, lists } from '../styles';

const EVENTS: Array<[type: NoticeType, title: string, help: string]> = [
  ['connection.paused', 'A connection is paused', 'By a person, for its failures, or because its receiver is gone.'],
  ['connection.resumed', 'A connection is resumed', 'By a person, or because a probe succeeded.'],
  ['connection.failing', 'A connection keeps failing', 'Its last three attempts failed, or one fewer than would pause it.'],
  ['run.failed', 'A delivery has failed', 'For good: what is tried again is not told.'],
  ['credential.unreadable', 'A credential cannot be read', 'The service has no key for it any more.'],
  ['certificate.expiring', 'A client certificate ends', 'In 30, 7 and 1 days.'],
];

/** What the tenant is told when something breaks, and through which connection. */
@customElement('fy-notices')
export class Notices extends LitElement {
  private readonly stored = new Load<NoticeSettings>(this);
  @state() private connection = '';
  @state() private path = '';
  @state() private events = new Set<NoticeType>();
  @state() private errors: Record<string, string> = {};
  @state() private problem = '';
  @state() private busy = false;
  private dirty = false;
  @query('form') private form?: HTMLFormElement;

  static override styles = [
    base,
    buttons,
    controls,
    lists,
    css`
      form {
        max-width: 44rem;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr));
        gap: var(--gap-3);
        margin-top: var(--gap-2);
      }
      li {
        display: grid;
        grid-template-columns: auto 1fr;
        column-gap: var(--gap-2);
        align-items: start;
        align-content: start;
      }
      li label {
        font-weight: 550;
      }
      li .help {
        grid-column: 2;
      }
      input[type='checkbox'] {
        accent-color: var(--accent);
        margin: 0.25rem 0 0;
        width: 1.125rem;
        height: 1.125rem;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    guardLeaving(() => !this.dirty || confirm('Leave without saving what you have changed?'));
    if (!session.mayManage) return;
    void this.stored
      .run((signal) => api.get<NoticeSettings>('/notices', {}, signal))
      .then(() => this.stored.value && !this.dirty && this.take(this.stored.value));
  }

  override disconnectedCallback(): void {
    guardLeaving(null);
    super.disconnectedCallback();
  }

  override render() {
    return html`
      <div class="stack">
        <h1>Notices</h1>
        <p class="muted">
          One of your REST webhook connections can tell you what breaks. Notices are free, and there is at most one of a
          kind and connection in five minutes, with the count of what it stands for.
        </p>
        ${
          session.mayManage
            ? unless(this.stored, (stored) => html`${standing(stored)} ${this.formOf(stored)}`)
            : empty('Only administrators see this', 'Ask one to choose what you are told.')
        }
      </div>
    `;
  }

  private formOf(stored: NoticeSettings): TemplateResult {
    return html`
      <form class="card stack" novalidate @submit=${this.submit}>
        <div class="field">
          <fy-connection-picker
            id="connection_id"
            provider="generic_rest"
            .value=${this.connection}
            help="Carries the notices, signed as its deliveries are."
            placeholder="Name of a REST webhook connection"
            @pick=${(event: CustomEvent<string>) => this.change('connection_id', () => (this.connection = event.detail))}
          ></fy-connection-picker>
          ${notes({ id: 'connection_id', error: this.errors.connection_id })}
        </div>
        ${field({
          id: 'path',
          label: 'Path',
          value: this.path,
          optional: true,
          placeholder: '/alerts',
          help: 'Appended to the address of the connection.',
          error: this.errors.path,
          input: (text) => this.change('path', () => (this.path = text)),
        })}
        <fieldset class="field" aria-describedby=${this.errors.events ? 'events-error' : nothing}>
          <legend>Tell when</legend>
          <ul>
            ${EVENTS.map((event) => this.choice(event))}
          </ul>
          ${notes({ id: 'events', error: this.errors.events })}
        </fieldset>
        ${this.problem ? html`<fy-notice tone="bad" role="alert">${this.problem}</fy-notice>` : nothing}
        <div class="row">
          <button class="primary" aria-disabled=${this.busy ? 'true' : 'false'}>Save</button>
          ${
            stored.connection_id
              ? html`<button type="button" aria-disabled=${this.busy ? 'true' : 'false'} @click=${this.stop}>
                  Tell nothing any more
                </button>`
              : nothing
          }
        </div>
      </form>
    `;
  }

  private choice([type, title, help]: (typeof EVENTS)[number]): TemplateResult {
    const id = type.replace('.', '-');
    return html`<li>
      <input
        type="checkbox"
        id=${id}
        aria-describedby="${id}-help"
        .checked=${this.events.has(type)}
        @change=${(event: Event) => this.choose(type, (event.target as HTMLInputElement).checked)}
      />
      <label for=${id}>${title}</label>
      <p class="help" id="${id}-help">${help}</p>
    </li>`;
  }

  private choose(type: NoticeType, wanted: boolean): void {
    this.change('events', () => {
      const events = new Set(this.events);
      if (wanted) events.add(type);
      else events.delete(type);
      this.events = events;
    });
  }

  private change(name: string, work: () => void): void {
    work();
    this.dirty = true;
    this.errors = { ...this.errors, [name]: '' };
  }

  private take(stored: NoticeSettings): void {
    this.connection = stored.connection_id ?? '';
    this.path = stored.path ?? '';
    this.events = new Set(stored.events ?? []);
    this.dirty = false;
  }

  private submit(event: Event): void {
    event.preventDefault();
    this.errors = {
      connection_id: this.connection ? '' : 'Choose the connection that is to carry the notices.',
      events: this.events.size ? '' : 'Choose at least one.',
    };
    if (this.errors.connection_id || this.errors.events) return this.focusWrong();
    const events = EVENTS.map(([type]) => type).filter((type) => this.events.has(type));
    void this.put({ connection_id: this.connection, ...(this.path ? { path: this.path } : {}), events }, 'Saved.');
  }

  private stop(): void {
    void this.put({}, 'Nothing is told any more.');
  }

  private async put(settings: NoticeSettings, done: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = '';
    try {
      const stored = (await api.call<NoticeSettings>('PUT', '/notices', { body: settings })).data;
      this.stored.set(stored);
      this.take(stored);
      toast(done);
    } catch (thrown) {
      this.refused(thrown);
    } finally {
      this.busy = false;
    }
  }

  private refused(thrown: unknown): void {
    const fields = thrown instanceof Problem ? thrown.fields : [];
    for (const { field: name, message } of fields) this.errors = { ...this.errors, [name.replace(/\[.*/, '')]: message };
    if (fields.length) this.focusWrong();
    else this.problem = say(thrown);
  }

  private focusWrong(): void {
    const first = ['connection_id', 'path'].find((name) => this.errors[name]);
    void this.updateComplete.then(() =>
      this.form?.querySelector<HTMLElement>(first ? `#${first}` : 'input[type=checkbox]')?.focus(),
    );
  }
}

/** Whether anything is told, and why not. */
function standing(stored: NoticeSettings): TemplateResult {
  if (stored.stopped) {
    return html`<fy-notice tone="warn" role="status">
      Nothing is told: the connection that carried the notices was deleted. Choose another one.
    </fy-notice>`;
  }
  if (!stored.connection_id) return html`<fy-notice tone="idle">Nothing is told so far.</fy-notice>`;
  return html`<fy-notice tone="ok">
    You are told.
    <a href=${href('deliveries', null, { connection_id: stored.connection_id })}>Look at what was sent</a>
  </fy-notice>`;
}
