import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { api, type Connection, Problem, type Preview, say, session } from '../api';
import { providerOf, remember } from '../api/directory';
import { previews } from '../api/previews';
import { debounce } from '../lib/debounce';
import { layOut } from '../lib/json-text';
import { Load } from '../lib/load';
import { href } from '../lib/route';
import '../parts/connection-picker';
import '../parts/copy';
import { field } from '../parts/field';
import { filledLater } from '../parts/filled-later';
import '../parts/notice';
import { unless } from '../parts/states';
import { base, buttons, controls } from '../styles';
import { actionText, earlierActions, judgeJson, pieces, requestText, SAMPLE_JOB, SAMPLE_TRANSITION, STARTERS } from './template-text';

const TEXTS = ['template', 'job', 'transition', 'context'] as const;
type Text = (typeof TEXTS)[number];

const LABELS: Record<Text, string> = {
  template: 'Payload template',
  job: 'Job',
  transition: 'Transition',
  context: 'Further context',
};

/** Shows the exact request that a template makes of a job, without sending it. */
@customElement('fy-templates')
export class Templates extends LitElement {
  @property({ attribute: false }) params = new URLSearchParams();
  @state() private connection = '';
  @state() private texts: Record<Text, string> = {
    template: JSON.stringify(STARTERS.generic_rest, null, 2),
    job: JSON.stringify(SAMPLE_JOB, null, 2),
    transition: JSON.stringify(SAMPLE_TRANSITION, null, 2),
    context: '',
  };
  private readonly preview = new Load<Preview>(this);
  /** The newest connection, to begin with. */
  private readonly newest = new Load<Connection[]>(this);
  private readonly previewLater = debounce(() => this.look(), 500);
  private edited = false;

  static override styles = [
    base,
    buttons,
    controls,
    css`
      .two {
        display: grid;
        gap: var(--gap-4);
        align-items: start;
      }
      .two > * {
        min-width: 0;
      }
      @media (min-width: 60rem) {
        .two {
          grid-template-columns: 1fr 1fr;
        }
      }
      mark {
        background: var(--bad-soft);
        color: var(--bad);
        font-weight: 700;
        text-decoration: underline wavy;
      }
      summary {
        cursor: pointer;
        font-weight: 600;
      }
      pre {
        max-height: 32rem;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.begin();
  }

  override render() {
    return html`
      <div class="stack">
        <div>
          <h1>Template helper</h1>
          <p class="muted">Try a template with a job. Nothing is sent.</p>
        </div>
        <div class="two">
          <section class="card stack" aria-label="What goes in">${this.inputs()}</section>
          <section class="card stack" aria-label="What comes out" aria-live="polite">${this.output()}</section>
        </div>
      </div>
    `;
  }

  private inputs(): TemplateResult {
    return html`
      <fy-connection-picker
        .value=${this.connection}
        placeholder="Choose a connection"
        help="Its address and fixed headers become part of the request; its secrets do not show."
        @pick=${(event: CustomEvent<string>) => this.choose(event.detail)}
      ></fy-connection-picker>
      ${this.text('template', 14, 'Write {{job.id}} for a value, {{job.note?}} where it may be missing, {{actions.0.response.body.id}} for what an earlier action was answered, \\{{ for two plain braces, \\\\{{ for a backslash and a value.')}
      ${this.text('job', 8, 'What the FSM knows of the job; paste a real one to find out why it failed.')}
      <details>
        <summary>Transition and further context</summary>
        <div class="stack">${this.text('transition', 5, '')} ${this.text('context', 4, '')}</div>
      </details>
      <div class="row">
        <button class="primary" aria-disabled=${this.ready() ? 'false' : 'true'} @click=${this.look}>Show the request</button>
      </div>
    `;
  }

  private text(name: Text, rows: number, help: string): TemplateResult {
    return field({
      id: name,
      label: LABELS[name],
      value: this.texts[name],
      rows,
      help,
      optional: name === 'context',
      error: judgeJson(this.texts[name], name === 'context'),
      input: (text) => {
        this.texts = { ...this.texts, [name]: text };
        if (name === 'template') this.edited = true;
        this.previewLater();
      },
    });
  }

  private output(): TemplateResult {
    if (!this.connection)
      return html`<h2>The request</h2>
        ${this.newest.value || this.newest.problem ? unless(this.newest, (found) => withoutConnection(found)) : withoutConnection()}`;
    const { value, problem } = this.preview;
    return html`
      <h2>The request</h2>
      ${problem ? html`<fy-notice tone="bad" role="alert">${this.complaint(problem)}</fy-notice>` : nothing}
      ${!this.ready() ? html`<p class="muted">Correct the JSON first.</p>` : problem ? nothing : value ? this.resolved(value) : html`<p class="muted">Resolving…</p>`}
    `;
  }

  private complaint(problem: unknown): TemplateResult {
    const fields = problem instanceof Problem ? problem.fields : [];
    return html`<p>${say(problem)}</p>
      ${
        fields.length > 1
          ? html`<ul>
              ${fields.map(({ field, message }) => html`<li><code>${field}</code>: ${message}</li>`)}
            </ul>`
          : nothing
      }`;
  }

  private resolved(preview: Preview): TemplateResult {
    const missing = preview.missing ?? [];
    return html`
      ${
        missing.length
          ? html`<fy-notice tone="warn">
              <p>
                <strong>Without a value:</strong>
                ${missing.map((name, i) => html`${i ? ', ' : ''}<code>${name}</code>`)}
              </p>
              <p>
                Such an action fails before anything is sent. Correct the name, or write
                <code>{{${missing[0]}?}}</code> if it may be missing.
              </p>
            </fy-notice>`
          : preview.error
            ? html`<fy-notice tone="bad"
                ><p>${preview.error.message}</p>
                <p><code>${preview.error.code}</code></p></fy-notice
              >`
            : html`<fy-notice tone="ok">${preview.from_responses?.length ? 'Every other variable has a value.' : 'Every variable has a value.'}</fy-notice>`
      }
      ${missing.length ? this.marked(missing) : nothing}
      ${filledLater(preview.from_responses)}
      ${preview.url ? html`<pre tabindex="0" role="group" aria-label="Resolved request"><code>${requestText(preview)}</code></pre>` : nothing}
      ${this.snippet()}
    `;
  }

  private marked(missing: string[]): TemplateResult {
    return html`<pre tabindex="0" role="group" aria-label="Template with missing variables marked"><code>${pieces(
      this.texts.template,
      missing,
    ).map(({ text, missing }) => (missing ? html`<mark>${text}</mark>` : text))}</code></pre>`;
  }

  private snippet(): TemplateResult {
    const text = layOut(actionText(this.texts.template, this.connection));
    return html`
      <div class="row spread">
        <h3>For the FSM designer</h3>
        <fy-copy .text=${text} label="Copy action"></fy-copy>
      </div>
      <pre tabindex="0" role="group" aria-label="Action for the FSM designer"><code>${text}</code></pre>
    `;
  }

  private ready(): boolean {
    return this.connection !== '' && TEXTS.every((name) => !judgeJson(this.texts[name], name === 'context'));
  }

  /** Begins with a template that fits the provider, until the user writes another. */
  private async choose(id: string): Promise<void> {
    this.connection = id;
    this.preview.clear();
    const provider = id ? await providerOf(id) : '';
    if (id !== this.connection) return;
    if (!this.edited && STARTERS[provider])
      this.texts = { ...this.texts, template: JSON.stringify(STARTERS[provider], null, 2) };
    this.look();
  }

  /** Sent as it was typed: what JavaScript makes of long numbers is not what the workflow would send. */
  private look(): void {
    if (!this.ready()) return this.preview.clear();
    const { template, job, transition, context } = this.texts;
    const action = actionText(template, this.connection);
    const earlier = Array<string>(earlierActions(template)).fill(actionText('{}', this.connection));
    const actions = [...earlier, action].join(',');
    const raw = `{"job":${job},"transition":${transition},"context":${context.trim() || '{}'},"actions":[${actions}]}`;
    void this.preview.run(async (signal) => {
      const answer = await api.call<{ actions: Preview[] }>('POST', '/action-runs/preview', { raw, signal });
      return previews(answer)[earlier.length];
    });
  }

  private async begin(): Promise<void> {
    const [wanted, job] = [this.params.get('connection_id'), this.params.get('job_id')];
    if (job) this.texts = { ...this.texts, job: JSON.stringify({ id: job }, null, 2) };
    if (wanted) return this.choose(wanted);
    await this.newest.run((signal) => api.get<Connection[]>('/connections', { limit: 1 }, signal));
    const [newest] = this.newest.value ?? [];
    if (!newest || this.connection || !this.isConnected) return;
    remember([newest]);
    void this.choose(newest.id);
  }
}

function withoutConnection(found?: Connection[]): TemplateResult {
  if (found?.length !== 0) return html`<p class="muted">Choose a connection to see the request.</p>`;
  return html`<fy-notice>
    <p>There is no connection yet, and a request needs one.</p>
    <p>
      ${session.mayManage ? html`<a href=${href('connections')}>Create the first one</a>` : 'Ask an administrator to create one.'}
    </p>
  </fy-notice>`;
}
