import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, query, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import { session } from '../api';
import { mayLeave } from '../lib/leave';
import { currentRoute, href, type Route } from '../lib/route';
import { icon } from '../parts/icon';
import '../parts/notice';
import { empty } from '../parts/states';
import { toast } from '../parts/toasts';
import { base, buttons, lists } from '../styles';
import './connection';
import './connections';
import './deliveries';
import './delivery';
import './notices';
import './overview';
import './templates';
import './token-dialog';

const VIEWS: Array<[view: string, title: string, symbol: string]> = [
  ['connections', 'Connections', 'plug'],
  ['deliveries', 'Deliveries', 'list'],
  ['overview', 'Overview', 'chart'],
  ['templates', 'Template helper', 'braces'],
  ['notices', 'Notices', 'bell'],
];

/** The page: where to go, who is signed in, and the view that the address names. */
@customElement('fy-app')
export class App extends LitElement {
  @state() private route: Route = currentRoute();
  @state() private online = navigator.onLine;
  @state() private asking = session.asking;
  /** Whose page it is: for another user every view begins anew. */
  @state() private identity = session.identity;
  private subject = '';
  @query('main') private main!: HTMLElement;

  static override styles = [
    base,
    buttons,
    lists,
    css`
      :host {
        display: grid;
        grid-template: auto 1fr / minmax(0, 1fr);
        min-height: 100dvh;
      }
      .skip {
        position: fixed;
        inset: 0.5rem auto auto 0.5rem;
        z-index: 5;
      }
      .skip:not(:focus) {
        transform: translateY(-200%);
      }
      header {
        background: var(--surface);
        border-bottom: 1px solid var(--border);
        padding: var(--gap-3) var(--gap-4) 0;
      }
      .brand {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
        font-weight: 700;
      }
      .brand svg {
        padding: 0.3rem;
        width: 1.75rem;
        height: 1.75rem;
        border-radius: var(--radius-s);
        background: var(--accent);
        color: var(--on-accent);
      }
      nav ul {
        display: flex;
        overflow-x: auto;
        gap: var(--gap-1);
        margin-top: var(--gap-2);
        padding: 2px;
      }
      nav a {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
        padding: 0.5rem 0.75rem;
        color: var(--muted);
        font-weight: 550;
        text-decoration: none;
        white-space: nowrap;
        border-bottom: 2px solid transparent;
      }
      nav a:hover {
        color: var(--text);
      }
      nav a[aria-current] {
        color: var(--text);
        border-color: var(--accent);
      }
      nav a[aria-current] svg {
        color: var(--accent);
      }
      .who {
        flex: 1;
        text-align: end;
        line-height: 1.3;
        min-width: 0;
      }
      .who .email {
        color: var(--muted);
      }
      main {
        padding: var(--gap-5) var(--gap-4) var(--gap-6);
        max-width: 90rem;
        width: 100%;
        margin-inline: auto;
        outline: none;
      }
      fy-notice {
        margin-bottom: var(--gap-4);
      }
      @media (max-width: 34rem) {
        nav svg {
          display: none;
        }
        nav ul {
          flex-wrap: wrap;
          gap: 0;
        }
        nav a {
          padding: 0.375rem 0.5rem;
        }
        main {
          padding: var(--gap-4) var(--gap-3);
        }
      }
      @media (min-width: 62rem) {
        :host {
          grid-template: 1fr / 15rem minmax(0, 1fr);
        }
        header {
          border-bottom: 0;
          border-inline-end: 1px solid var(--border);
          padding: var(--gap-4) var(--gap-3);
          display: flex;
          flex-direction: column;
          position: sticky;
          top: 0;
          height: 100dvh;
        }
        header .spread {
          display: contents;
        }
        .brand {
          padding: 0 var(--gap-2) var(--gap-4);
        }
        nav {
          order: 1;
          flex: 1;
        }
        nav ul {
          flex-direction: column;
          margin: 0;
        }
        nav a {
          border: 0;
          border-radius: var(--radius-s);
        }
        nav a[aria-current] {
          background: var(--accent-soft);
        }
        .who {
          flex: none;
          order: 2;
          text-align: start;
          padding: var(--gap-2);
        }
        main {
          padding: var(--gap-6);
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('hashchange', (event) => this.moved(event));
    window.addEventListener('online', () => (this.online = true));
    window.addEventListener('offline', () => (this.online = false));
    session.addEventListener('ask', () => (this.asking = true));
    session.addEventListener('switch', () => toast(`Now in tenant ${session.claims?.tenant_id ?? 'unknown'}.`));
    session.addEventListener('change', () => {
      this.asking = session.asking;
      this.identity = session.identity;
      this.requestUpdate();
    });
    this.addEventListener('fy-title', (event) => {
      this.subject = (event as CustomEvent<string>).detail;
      this.entitle();
    });
    this.entitle();
  }

  override render() {
    return html`
      <header>
        <button class="skip" @click=${() => this.main.focus()}>Skip to content</button>
        <div class="row spread">
          <p class="brand">${icon('plug')}Integrations</p>
          ${this.who()}
        </div>
        <nav aria-label="Integrations">
          <ul>
            ${VIEWS.filter(([view]) => view !== 'notices' || session.mayManage).map(([view, title, symbol]) => this.tab(view, title, symbol))}
          </ul>
        </nav>
      </header>
      <main tabindex="-1" aria-label=${this.name()}>
        ${
          this.online
            ? nothing
            : html`<fy-notice tone="warn" role="status">
                You are offline. What you see may be old; this page goes on by itself when the connection is back.
              </fy-notice>`
        }
        ${keyed(this.identity, this.view())}
      </main>
      <fy-toasts></fy-toasts>
      <fy-token-dialog .open=${this.asking}></fy-token-dialog>
    `;
  }

  private tab(view: string, title: string, symbol: string): TemplateResult {
    const here = this.route.view === view;
    return html`<li><a href=${href(view)} aria-current=${here ? 'page' : nothing}>${icon(symbol)}${title}</a></li>`;
  }

  private view(): TemplateResult {
    const { view, id, params } = this.route;
    if (view === 'connections' && id) return html`<fy-connection .connectionId=${id}></fy-connection>`;
    if (view === 'deliveries' && id) return html`<fy-delivery .runId=${id}></fy-delivery>`;
    if (view === 'deliveries') return html`<fy-deliveries .params=${params}></fy-deliveries>`;
    if (view === 'overview') return html`<fy-overview></fy-overview>`;
    if (view === 'notices') return html`<fy-notices></fy-notices>`;
    if (view === 'templates') return html`<fy-templates .params=${params}></fy-templates>`;
    if (view === 'connections') return html`<fy-connections .params=${params}></fy-connections>`;
    return html`<h1 class="visually-hidden">Nothing here</h1>
      ${empty(
        'There is no such page',
        'The link may have been cut off, or come from another version of this page.',
        html`<a class="button" href=${href('connections')}>Go to the connections</a>`,
      )}`;
  }

  private who() {
    const claims = session.claims;
    if (!claims) return nothing;
    return html`<div class="who small">
      <p class="break">
        <span class="visually-hidden">Tenant</span> <strong>${claims.tenant_id}</strong>
      </p>
      <p class="email break">${claims.email ?? claims.sub}</p>
      <p class="muted">
        ${role()}
        ${claims.impersonated_by ? html`<br />acted for by ${claims.impersonated_by}` : nothing}
      </p>
    </div>`;
  }

  private name(): string {
    return VIEWS.find(([view]) => view === this.route.view)?.[1] ?? 'Nothing here';
  }

  private entitle(): void {
    document.title = [this.subject, this.name(), 'Integrations', 'FastYoke'].filter(Boolean).join(' · ');
  }

  private moved({ oldURL }: HashChangeEvent): void {
    const before = this.route;
    const next = currentRoute();
    const stays = before.view === next.view && before.id === next.id;
    if (!stays && !mayLeave()) return history.pushState(null, '', oldURL);
    this.route = next;
    if (stays) return;
    this.subject = '';
    this.entitle();
    window.scrollTo(0, 0);
    this.main.focus({ preventScroll: true });
  }
}

function role(): string {
  if (session.mayManage) return 'Administrator';
  return session.mayExecute ? 'Operator: can look, replay and cancel' : 'Can look, and change nothing';
}
