import { svg, html, type TemplateResult } from 'lit';

const PATHS: Record<string, TemplateResult> = {
  close: svg`<path d="M5 5l10 10M15 5L5 15" />`,
  check: svg`<path d="M4 10.5l4 4 8-9" />`,
  cross: svg`<path d="M6 6l8 8M14 6l-8 8" />`,
  pause: svg`<path d="M7 5v10M13 5v10" />`,
  warn: svg`<path d="M10 3.5l7.5 13h-15zM10 8.5v3.5M10 14.2v.3" />`,
  clock: svg`<circle cx="10" cy="10" r="7" /><path d="M10 6v4l3 2" />`,
  skip: svg`<path d="M4 10h9M10 6l4 4-4 4M16.5 5v10" />`,
  lock: svg`<rect x="4.5" y="9" width="11" height="7.5" rx="1.5" /><path d="M7 9V6.5a3 3 0 016 0V9" />`,
  plus: svg`<path d="M10 4v12M4 10h12" />`,
  copy: svg`<rect x="7" y="7" width="9" height="9.5" rx="1.5" /><path d="M4 13V5a1.5 1.5 0 011.5-1.5H12" />`,
  plug: svg`<path d="M7 3v4M13 3v4M5 7h10v2a5 5 0 01-10 0zM10 14v3.5" />`,
  list: svg`<path d="M7 5.5h10M7 10h10M7 14.5h10M3.2 5.5h.2M3.2 10h.2M3.2 14.5h.2" />`,
  bell: svg`<path d="M5 14V9a5 5 0 0110 0v5l1.5 1.5h-13zM8.5 17.5h3" />`,
  chart: svg`<path d="M3.5 16.5h13M5.5 13.5v-4M10 13.5V4.5M14.5 13.5V7.5" />`,
  braces: svg`<path d="M8 4H7a2 2 0 00-2 2v2a2 2 0 01-2 2 2 2 0 012 2v2a2 2 0 002 2h1M12 4h1a2 2 0 012 2v2a2 2 0 002 2 2 2 0 00-2 2v2a2 2 0 01-2 2h-1" />`,
};

/** A small drawing that says nothing by itself; the words are beside it. */
export function icon(name: string, size = 18): TemplateResult {
  return html`<svg
    width="${size / 16}rem"
    height="${size / 16}rem"
    viewBox="0 0 20 20"
    fill="none"
    stroke="currentColor"
    stroke-width="1.75"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    ${PATHS[name]}
  </svg>`;
}
