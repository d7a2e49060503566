import type { FieldChoice, Provider, ProviderField } from '../api';
import { type FieldValue, isEmpty, judge, wire } from './validate';

/** What is typed for the fields of one provider, by their paths below `credentials`: parts of an object have a dot. */
export class CredentialValues {
  readonly values: Record<string, FieldValue> = {};
  /** Of fields that exclude each other, the one that is filled in. */
  private readonly chosen = new Map<FieldChoice, string>();

  constructor(private readonly provider?: Provider) {}

  /** The choice to which a field belongs. */
  choiceOf({ name }: ProviderField): FieldChoice | undefined {
    return this.provider?.at_most_one_of?.find(({ fields }) => fields.includes(name));
  }

  /** The field that is filled in; the first one unless the person says otherwise. */
  choice(of: FieldChoice): string {
    return this.chosen.get(of) ?? of.fields[0];
  }

  choose(of: FieldChoice, name: string): void {
    this.chosen.set(of, name);
  }

  /** The fields without those that were not chosen. */
  fields(): ProviderField[] {
    return (this.provider?.fields ?? []).filter((field) => {
      const choice = this.choiceOf(field);
      return !choice || this.choice(choice) === field.name;
    });
  }

  paths(): string[] {
    return this.fields().flatMap((field) => leaves(field).map(({ path }) => path));
  }

  /** What is wrong with the value at a path by itself. */
  wrong(path: string): string | null {
    for (const field of this.fields()) {
      const leaf = leaves(field).find((leaf) => leaf.path === path);
      if (leaf) return field.fields && !this.isGiven(field) ? null : judge(leaf.field, this.values[path]);
    }
    return null;
  }

  /** As it is sent. */
  wire(): Record<string, unknown> {
    return this.sent(this.fields(), '');
  }

  private sent(fields: ProviderField[], above: string): Record<string, unknown> {
    const entries = fields.map((field) => [field.name, this.value(field, above + field.name)]);
    return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  }

  private value(field: ProviderField, path: string): unknown {
    if (field.fields) return this.isGiven(field, path) ? this.sent(field.fields, `${path}.`) : undefined;
    const value = wire(this.values[path]);
    // A part that is needed, but may be empty.
    return value === undefined && field.required && field.min_length === 0 ? '' : value;
  }

  /** Whether an object is sent: something of it is filled in, or it was chosen among others. */
  private isGiven(field: ProviderField, path = field.name): boolean {
    const choice = this.choiceOf(field);
    if (path === field.name && choice && choice.fields[0] !== field.name) return true;
    return leaves(field, path).some((leaf) => !isEmpty(this.values[leaf.path]));
  }
}

interface Leaf {
  path: string;
  field: ProviderField;
}

function leaves(field: ProviderField, path = field.name): Leaf[] {
  if (!field.fields) return [{ path, field }];
  return field.fields.flatMap((part) => leaves(part, `${path}.${part.name}`));
}
