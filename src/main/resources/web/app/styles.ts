import { css } from 'lit';

/** What every component shares; colours and sizes are the tokens of page.css. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  pre,
  figure {
    margin: 0;
  }
  ul,
  ol {
    padding: 0;
    list-style: none;
  }
  h1 {
    font-size: var(--text-xl);
    line-height: 1.25;
    letter-spacing: -0.01em;
  }
  h2 {
    font-size: var(--text-l);
    line-height: 1.3;
  }
  h3 {
    font-size: var(--text-m);
  }
  a {
    color: var(--accent);
    text-underline-offset: 0.2em;
  }
  a:hover {
    color: var(--accent-strong);
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
    border-radius: var(--radius-s);
  }
  code,
  pre,
  .mono {
    font-family: var(--mono);
    font-size: 0.9em;
  }
  pre {
    padding: var(--gap-3);
    overflow: auto;
    max-height: 24rem;
    background: var(--surface-2);
    border-radius: var(--radius-s);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    tab-size: 2;
  }
  .muted {
    color: var(--muted);
  }
  .small {
    font-size: var(--text-s);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--gap-2) var(--gap-3);
  }
  .spread {
    justify-content: space-between;
  }
  .stack {
    display: grid;
    gap: var(--gap-4);
    min-width: 0;
  }
  .stack > * {
    min-width: 0;
  }
  .card {
    background: var(--surface);
    border: 1px solid var(--border);
    border-radius: var(--radius);
    box-shadow: var(--shadow);
    padding: var(--gap-4);
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .break {
    overflow-wrap: anywhere;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
      scroll-behavior: auto !important;
    }
  }
`;

export const buttons = css`
  button,
  a.button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: var(--gap-2);
    min-height: 2.25rem;
    padding: 0.25rem 0.875rem;
    border: 1px solid var(--edge);
    border-radius: var(--radius-s);
    background: var(--surface);
    color: var(--text);
    font: inherit;
    font-weight: 550;
    line-height: 1.2;
    text-decoration: none;
    cursor: pointer;
    transition: background-color 120ms;
  }
  button:hover:not(:disabled, [aria-disabled='true']),
  a.button:hover {
    background: var(--surface-2);
    color: var(--text);
  }
  button.primary,
  a.button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
  }
  button.primary:hover:not(:disabled, [aria-disabled='true']),
  a.button.primary:hover {
    background: var(--accent-strong);
    border-color: var(--accent-strong);
    color: var(--on-accent);
  }
  button.danger {
    color: var(--bad);
    border-color: var(--bad);
  }
  button.danger:hover:not(:disabled, [aria-disabled='true']) {
    background: var(--bad-soft);
  }
  button.quiet {
    border-color: transparent;
    background: none;
    color: var(--accent);
    padding-inline: var(--gap-2);
  }
  button.icon {
    border-color: transparent;
    background: none;
    color: var(--muted);
    padding: 0;
    width: 2.25rem;
  }
  /* Busy buttons say so and keep the focus, which a disabled one would lose to the page. */
  button[aria-disabled='true'],
  button:disabled {
    cursor: not-allowed;
    opacity: 0.55;
  }
`;

/** Cards that a list fills to the edge, and what stands there while there is none. */
export const lists = css`
  .flat {
    padding: 0;
    overflow: hidden;
  }
  .empty {
    display: grid;
    gap: var(--gap-3);
    justify-items: center;
    padding: var(--gap-6) var(--gap-4);
    text-align: center;
  }
  fy-pager {
    padding: var(--gap-3) var(--gap-4);
    border-top: 1px solid var(--border);
  }
`;

/** What is known of one thing, name by name. */
export const facts = css`
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr));
    gap: var(--gap-4);
  }
  dt {
    color: var(--muted);
    font-size: var(--text-s);
  }
  .wide {
    grid-column: 1 / -1;
  }
`;

/** Beside a heading: whether what is below it keeps up with the service. */
export const liveDot = css`
  .live::before {
    content: '';
    display: inline-block;
    width: 0.5rem;
    height: 0.5rem;
    margin-inline-end: 0.4rem;
    border-radius: 50%;
    background: var(--ok-fill);
  }
  .live.old {
    color: var(--warn);
  }
  .live.old::before {
    background: var(--warn);
  }
`;

export const controls = css`
  .field {
    display: grid;
    gap: var(--gap-1);
    min-width: 0;
    align-content: start;
  }
  .field > label,
  .field > .label,
  legend {
    font-weight: 600;
    font-size: var(--text-s);
    padding: 0;
  }
  .optional {
    font-weight: 400;
    color: var(--muted);
  }
  input:not([type='radio'], [type='checkbox']),
  select,
  textarea {
    width: 100%;
    min-width: 0;
    min-height: 2.25rem;
    padding: 0.375rem 0.625rem;
    border: 1px solid var(--edge);
    border-radius: var(--radius-s);
    background: var(--surface);
    color: var(--text);
    font: inherit;
  }
  textarea {
    resize: vertical;
    font-family: var(--mono);
    font-size: 0.85rem;
    line-height: 1.5;
    tab-size: 2;
  }
  ::placeholder {
    color: var(--muted);
    opacity: 1;
  }
  input:placeholder-shown {
    text-overflow: ellipsis;
  }
  input[aria-invalid='true'],
  select[aria-invalid='true'],
  textarea[aria-invalid='true'] {
    border-color: var(--bad);
    box-shadow: 0 0 0 1px var(--bad);
  }
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-width: 0;
  }
  .help {
    color: var(--muted);
    font-size: var(--text-s);
  }
  .error {
    color: var(--bad);
    font-size: var(--text-s);
    font-weight: 500;
  }
  .with-button {
    display: flex;
    gap: var(--gap-2);
  }
`;

/** A table that turns into cards on a narrow page; its roles are written out, since display changes drop them. */
export const tables = css`
  .table-box {
    overflow-x: auto;
  }
  table {
    width: 100%;
    border-collapse: collapse;
    text-align: start;
  }
  th,
  td {
    padding: var(--gap-3) var(--gap-4);
    text-align: start;
    vertical-align: middle;
    border-bottom: 1px solid var(--border);
  }
  tbody tr:last-child > * {
    border-bottom: 0;
  }
  thead th {
    color: var(--muted);
    font-size: var(--text-s);
    font-weight: 600;
    white-space: nowrap;
    padding-block: var(--gap-2);
  }
  tbody th {
    font-weight: 600;
  }
  tbody th,
  tbody td {
    overflow-wrap: anywhere;
    max-width: 20rem;
  }
  tbody th {
    min-width: 6rem;
  }
  td.nowrap {
    white-space: nowrap;
  }
  td.end,
  th.end {
    text-align: end;
  }
  @media (max-width: 46rem) {
    table.cards,
    table.cards tbody,
    table.cards tr,
    table.cards th,
    table.cards td {
      display: block;
    }
    table.cards thead {
      position: absolute;
      clip-path: inset(50%);
      width: 1px;
      height: 1px;
      overflow: hidden;
    }
    table.cards tr {
      padding: var(--gap-3) var(--gap-4);
      border-bottom: 1px solid var(--border);
    }
    table.cards th,
    table.cards td {
      padding: var(--gap-1) 0;
      border: 0;
      max-width: none;
      text-align: start;
    }
    table.cards td {
      display: flex;
      gap: var(--gap-3);
      align-items: baseline;
      overflow-wrap: anywhere;
    }
    table.cards td::before {
      content: attr(data-label);
      flex: 0 0 6.5rem;
      color: var(--muted);
      font-size: var(--text-s);
    }
  }
`;
