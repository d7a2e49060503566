import { html, nothing, type TemplateResult } from 'lit';
import type { ProviderField } from '../api';
import type { FieldValue } from '../lib/validate';
import { field } from '../parts/field';
import '../parts/list-field';
import '../parts/map-field';
import type { Rows } from '../parts/map-field';
import '../parts/secret';
import type { ConnectionForm } from './connection-form';

/** Of a text with several lines. */
const ROWS = 4;

/**
 * The control for one credential, as the provider's description wants it.
 *
 * @param name its path below `credentials`
 */
export function credentialField(
  spec: ProviderField,
  form: ConnectionForm,
  change: (name: string, value: FieldValue) => void,
  name = spec.name,
): TemplateResult {
  if (spec.fields) {
    return html`<fieldset class="parts">
      <legend>${spec.label}</legend>
      ${spec.help ? html`<p class="help">${spec.help}</p>` : nothing}
      ${spec.fields.map((part) => credentialField(part, form, change, `${name}.${part.name}`))}
    </fieldset>`;
  }
  const path = `credentials.${name}`;
  const error = form.errors[path] ?? '';
  const value = form.credentials.values[name];
  const set = (value: FieldValue) => change(name, value);
  if (spec.type === 'list') {
    return html`<fy-list
      id=${path}
      .error=${error}
      .spec=${spec}
      .items=${(value as string[]) ?? []}
      @value=${(event: CustomEvent<string[]>) => set(event.detail)}
    ></fy-list>`;
  }
  if (spec.type === 'map') {
    return html`<fy-map
      id=${path}
      .label=${spec.label}
      .help=${spec.help ?? ''}
      .error=${error}
      .spec=${spec}
      .rows=${(value as Rows) ?? []}
      @value=${(event: CustomEvent<Rows>) => set(event.detail)}
    ></fy-map>`;
  }
  if (spec.secret) {
    return html`<fy-secret
      id=${path}
      .label=${spec.label}
      .help=${spec.help ?? ''}
      .error=${error}
      .placeholder=${spec.placeholder ?? ''}
      .rows=${spec.type === 'text' ? ROWS : 0}
      .optional=${!spec.required && !isAlternative(spec, form)}
      .required=${spec.required}
      .value=${(value as string) ?? ''}
      @value=${(event: CustomEvent<string>) => set(event.detail)}
    ></fy-secret>`;
  }
  return plainField(path, spec, error, (value as string) ?? '', !spec.required && !isAlternative(spec, form), set);
}

/** Neither needed nor optional: one group of these is. */
function isAlternative({ name }: ProviderField, { provider }: ConnectionForm): boolean {
  return provider?.alternatives?.flat().includes(name) ?? false;
}

function plainField(path: string, spec: ProviderField, error: string, value: string, optional: boolean, set: (value: string) => void) {
  const choices = spec.options?.map((option): [string, string] => [option, option]);
  return field({
    id: path,
    label: spec.label,
    help: spec.help,
    error,
    optional,
    required: spec.required,
    placeholder: spec.placeholder,
    rows: spec.type === 'text' ? ROWS : undefined,
    options: choices && [['', spec.required ? 'Choose one' : 'Not set'], ...choices],
    value,
    input: set,
  });
}
