import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';

export interface Field {
  id: string;
  label: string;
  value: string;
  input: (value: string) => void;
  blur?: () => void;
  type?: 'text' | 'password' | 'number' | 'search' | 'url' | 'datetime-local';
  help?: string | null;
  error?: string | null;
  required?: boolean;
  optional?: boolean;
  placeholder?: string | null;
  max?: string;
  options?: ReadonlyArray<[value: string, label: string]>;
  rows?: number;
  disabled?: boolean;
}

/** A label, its control, what helps and what is wrong; all tied together for assistive technology. */
export function field(spec: Field): TemplateResult {
  return html`
    <div class="field">
      <label for=${spec.id}>
        ${spec.label}${spec.optional ? html` <span class="optional">(optional)</span>` : nothing}
      </label>
      ${control(spec)} ${notes(spec)}
    </div>
  `;
}

/** Help and error below a control; the error comes in by itself for screen readers through `aria-describedby`. */
export function notes(spec: Pick<Field, 'id' | 'help' | 'error'>): TemplateResult {
  return html`
    ${spec.error ? html`<p class="error" id="${spec.id}-error">${spec.error}</p>` : nothing}
    ${spec.help ? html`<p class="help" id="${spec.id}-help">${spec.help}</p>` : nothing}
  `;
}

export function describedBy(spec: Pick<Field, 'id' | 'help' | 'error'>): string | typeof nothing {
  const ids = [spec.error ? `${spec.id}-error` : '', spec.help ? `${spec.id}-help` : ''].filter(Boolean);
  return ids.length ? ids.join(' ') : nothing;
}

function control(spec: Field): TemplateResult {
  if (spec.options) return select(spec);
  return spec.rows ? textarea(spec) : input(spec);
}

function typed(spec: Field) {
  return (event: Event) => spec.input((event.target as HTMLInputElement).value);
}

function input(spec: Field): TemplateResult {
  return html`<input
    id=${spec.id}
    type=${spec.type ?? 'text'}
    .value=${live(spec.value)}
    placeholder=${spec.placeholder || nothing}
    autocomplete=${spec.type === 'password' ? 'new-password' : 'off'}
    autocapitalize="off"
    spellcheck="false"
    max=${spec.max ?? nothing}
    ?required=${spec.required}
    ?disabled=${spec.disabled}
    aria-invalid=${spec.error ? 'true' : 'false'}
    aria-describedby=${describedBy(spec)}
    @input=${typed(spec)}
    @blur=${spec.blur ?? nothing}
  />`;
}

function textarea(spec: Field): TemplateResult {
  return html`<textarea
    id=${spec.id}
    rows=${spec.rows!}
    .value=${live(spec.value)}
    placeholder=${spec.placeholder || nothing}
    autocomplete="off"
    spellcheck="false"
    autocapitalize="off"
    aria-invalid=${spec.error ? 'true' : 'false'}
    aria-describedby=${describedBy(spec)}
    @input=${typed(spec)}
    @blur=${spec.blur ?? nothing}
  ></textarea>`;
}

function select(spec: Field): TemplateResult {
  return html`<select
    id=${spec.id}
    ?disabled=${spec.disabled}
    aria-invalid=${spec.error ? 'true' : 'false'}
    aria-describedby=${describedBy(spec)}
    @change=${typed(spec)}
  >
    ${spec.options!.map(
      ([value, label]) => html`<option value=${value} ?selected=${value === spec.value}>${label}</option>`,
    )}
  </select>`;
}
