/** Where the page is: `#/deliveries/<id>?status=failed`. Nothing secret ever goes in here. */
export interface Route {
  view: string;
  id: string | null;
  params: URLSearchParams;
}

export function currentRoute(): Route {
  const [path, search] = location.hash.replace(/^#\/?/, '').split('?');
  const [view, id] = path.split('/').map(decoded);
  return { view: view || 'connections', id: id || null, params: new URLSearchParams(search) };
}

/** What is badly encoded stands for itself, and so for nothing that exists. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function href(view: string, id?: string | null, params: Record<string, string | null | undefined> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) if (value) search.set(name, value);
  const path = id ? `${view}/${encodeURIComponent(id)}` : view;
  return `#/${path}${search.size ? `?${search}` : ''}`;
}

export function go(hash: string): void {
  location.hash = hash;
}

/** Keeps a filter in the address without a step in the history for each letter. */
export function rewrite(hash: string): void {
  history.replaceState(null, '', hash);
}
