import type { Connection, FieldProblem, Provider, Settings } from '../api';
import { CredentialValues } from '../lib/credential-values';
import { judgeAlternatives, judgeName, judgeNumber, judgeTogether } from '../lib/validate';

export interface SettingField {
  name: keyof Settings;
  label: string;
  help: string;
  least: number;
  most: number;
  /** What there is to choose from, where it is no number. */
  options?: ReadonlyArray<[value: string, label: string]>;
}

export const SETTINGS: SettingField[] = [
  {
    name: 'max_per_second',
    label: 'At most per second',
    help: 'Deliveries wait rather than exceed this.',
    least: 1,
    most: 100_000,
  },
  {
    name: 'max_in_flight',
    label: 'At most at once',
    help: 'How many may be under way at the same time.',
    least: 1,
    most: 100_000,
  },
  {
    name: 'timeout_ms',
    label: 'Timeout in milliseconds',
    help: '30000 when empty, 60000 at most.',
    least: 1,
    most: 60_000,
  },
  {
    name: 'pause_after_failures',
    label: 'Pause after failures',
    help: 'Pauses itself after so many failures in a row.',
    least: 1,
    most: 100_000,
  },
  {
    name: 'when_paused',
    label: 'While it is paused',
    help: 'What is held is sent in order once it is resumed, and holds up only its own job.',
    least: 0,
    most: 0,
    options: [
      ['fail', 'Actions fail'],
      ['hold', 'Actions wait'],
    ],
  },
  {
    name: 'hold_hours',
    label: 'Wait for hours',
    help: 'What has waited for longer fails. 24 when empty, 72 at most.',
    least: 1,
    most: 72,
  },
];

/** What is typed into the connection dialog, what is wrong with it, and what of it is sent. */
export class ConnectionForm {
  name = '';
  provider: Provider | null = null;
  credentials = new CredentialValues();
  settings: Record<string, string> = {};
  /** Whether credentials are sent: always for a new connection, on request for a stored one. */
  replacing = true;
  errors: Record<string, string> = {};
  touched = new Set<string>();
  /** What was typed for the other providers, in case the person comes back to them. */
  private readonly elsewhere = new Map<string, CredentialValues>();

  static of(connection: Connection | null, providers: Provider[]): ConnectionForm {
    const form = new ConnectionForm();
    if (connection) form.takeOver(connection, providers);
    return form;
  }

  /** The stored values, but for those that the person has changed. */
  takeOver(connection: Connection, providers: Provider[]): void {
    const provider = providers.find(({ name }) => name === connection.provider) ?? null;
    if (provider && this.provider?.name !== provider.name) this.credentials = new CredentialValues(provider);
    this.provider = provider;
    if (!this.touched.has('connection_name')) this.name = connection.connection_name;
    for (const { name } of SETTINGS) {
      if (!this.touched.has(`settings.${name}`)) this.settings[name] = connection.settings?.[name]?.toString() ?? '';
    }
    if (!this.touched.has('credentials')) this.replacing = false;
  }

  /** Fields of two providers can have one name; a value never goes from one to the other. */
  choose(provider: Provider): void {
    if (this.provider) this.elsewhere.set(this.provider.name, this.credentials);
    this.provider = provider;
    this.credentials = this.elsewhere.get(provider.name) ?? new CredentialValues(provider);
    for (const path of Object.keys(this.errors)) if (path.startsWith('credentials.')) delete this.errors[path];
  }

  get dirty(): boolean {
    return this.touched.size > 0;
  }

  touch(path: string): void {
    this.touched.add(path);
    delete this.errors[path];
  }

  /** Judges everything; returns the path of the first field that is wrong. */
  check(): string | null {
    return this.judgeAll(this.paths());
  }

  /** Judges what a test needs: all but the name. */
  checkTrial(): string | null {
    return this.judgeAll(this.paths().filter((path) => path !== 'connection_name'));
  }

  /** Checks a field that the user has typed into and left. */
  left(path: string): void {
    const error = this.touched.has(path) ? this.wrong(path) : null;
    if (error) this.errors[path] = error;
  }

  /** Puts the service's findings beside their fields; returns those that have no field here. */
  place(problems: FieldProblem[]): string[] {
    const homeless: string[] = [];
    for (const { field, message } of problems) {
      const path = this.paths().find(
        (path) => field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[`),
      );
      const item = /\[(\d+)\]$/.exec(field);
      if (path) this.errors[path] = item ? `Number ${Number(item[1]) + 1} ${message}` : message;
      else homeless.push(message);
    }
    return homeless;
  }

  body(stored: Connection | null): Record<string, unknown> {
    const body: Record<string, unknown> = stored ? {} : { provider: this.provider!.name };
    if (!stored || this.name.trim() !== stored.connection_name) body.connection_name = this.name.trim();
    if (this.replacing) body.credentials = this.credentials.wire();
    const settings = this.numbers();
    if (JSON.stringify(settings) !== JSON.stringify(pick(stored?.settings))) body.settings = settings;
    return body;
  }

  /** What is tested before it is saved. */
  trial(): Record<string, unknown> {
    return { provider: this.provider!.name, credentials: this.credentials.wire(), settings: this.numbers() };
  }

  private judgeAll(paths: string[]): string | null {
    const between = this.wrongTogether();
    const found = paths.map((path) => [path, this.wrong(path) ?? between[path]]).filter(([, error]) => error);
    this.errors = Object.fromEntries(found);
    return Object.keys(this.errors)[0] ?? null;
  }

  /** What is wrong with a field by itself. */
  private wrong(path: string): string | null {
    if (path === 'connection_name') return judgeName(this.name);
    const setting = SETTINGS.find(({ name }) => path === `settings.${name}`);
    if (setting?.options) return null;
    if (setting) return judgeNumber(this.settings[setting.name] ?? '', setting.least, setting.most);
    return this.replacing ? this.credentials.wrong(path.slice('credentials.'.length)) : null;
  }

  /** What is wrong between fields, by path. */
  private wrongTogether(): Record<string, string> {
    if (!this.provider || !this.replacing) return {};
    const { provider, credentials } = this;
    const found = { ...judgeAlternatives(provider, credentials.values), ...judgeTogether(provider, credentials.values) };
    return Object.fromEntries(Object.entries(found).map(([name, error]) => [`credentials.${name}`, error]));
  }

  private numbers(): Settings {
    const entries = SETTINGS.filter(({ name }) => this.settings[name]?.trim()).map(({ name, options }) => [
      name,
      options ? this.settings[name] : Number(this.settings[name]),
    ]);
    return Object.fromEntries(entries);
  }

  private paths(): string[] {
    const credentials = this.credentials.paths().map((path) => `credentials.${path}`);
    return ['connection_name', ...credentials, ...SETTINGS.map(({ name }) => `settings.${name}`)];
  }
}

function pick(settings: Settings | null | undefined): Settings {
  const entries = SETTINGS.filter(({ name }) => settings?.[name] !== undefined && settings[name] !== null).map(
    ({ name }) => [name, settings![name]],
  );
  return Object.fromEntries(entries);
}
