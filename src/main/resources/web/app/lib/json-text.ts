/**
 * JSON as text, for what must not pass through JavaScript's numbers: 12345678901234567890 and 1.10 would come out as
 * others. What is given has to be valid JSON; use {@link isJson} first.
 */

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Lays JSON out for reading, two spaces a level; every value stays as it was written. */
export function layOut(text: string): string {
  let out = '';
  let depth = 0;
  const line = () => `\n${'  '.repeat(depth)}`;
  const list = tokens(text);
  list.forEach((token, i) => {
    if (token === '{' || token === '[') {
      depth++;
      out += closes(list[i + 1]) ? token : token + line();
    } else if (closes(token)) {
      depth--;
      out += opens(list[i - 1]) ? token : line() + token;
    } else if (token === ',') out += token + line();
    else out += token === ':' ? ': ' : token;
  });
  return out;
}

/** The members of an object, or the elements of an array: what each is called, and its own text. */
export function parts(text: string): Array<[name: string | number, value: string]> {
  const found: Array<[string | number, string]> = [];
  const [first, ...rest] = tokens(text);
  const isObject = first === '{';
  let depth = 0;
  let current: string[] = [];
  let name: string | null = null;
  for (const token of rest) {
    if (depth === 0 && (token === ',' || closes(token))) {
      if (current.length) found.push([name ?? found.length, current.join('')]);
      [current, name] = [[], null];
    } else if (depth === 0 && isObject && token === ':' && name === null) {
      name = JSON.parse(current.join(''));
      current = [];
    } else {
      depth += opens(token) ? 1 : closes(token) ? -1 : 0;
      current.push(token);
    }
  }
  return found;
}

/** The text of what is at a path, or nothing. */
export function at(text: string, ...path: Array<string | number>): string | undefined {
  let current: string | undefined = text;
  for (const step of path) current = current && parts(current).find(([name]) => name === step)?.[1];
  return current;
}

/** An object with one member more, or another value for it. */
export function withMember(object: string, name: string, value: string): string {
  const others = parts(object).filter(([other]) => other !== name);
  const members = [...others, [name, value] as const].map(([key, text]) => `${JSON.stringify(key)}:${text}`);
  return `{${members.join(',')}}`;
}

function tokens(text: string): string[] {
  return text.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
}

function opens(token: string | undefined): boolean {
  return token === '{' || token === '[';
}

function closes(token: string | undefined): boolean {
  return token === '}' || token === ']';
}
