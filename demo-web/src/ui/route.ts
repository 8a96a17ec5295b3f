import { createStore, useStore } from './store.ts';

/** Where the user is: `#/albums/7?q=blue` is the path `['albums', '7']` with the search `q=blue`. */
export interface Route {
  readonly path: readonly string[];
  readonly search: URLSearchParams;
}

function readRoute(): Route {
  const [path = '', search = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { path: path.split('/').filter(Boolean).map(decodeURIComponent), search: new URLSearchParams(search) };
}

const route = createStore(readRoute());
addEventListener('hashchange', () => route.set(readRoute()));

/** The current route. */
export function useRoute(): Route {
  return useStore(route);
}

/** Goes to an address such as `/albums/7`, as a new entry of the browser's history. */
export function go(address: string): void {
  location.hash = address;
}

/** Changes parameters of the current address in place, so that typing a search does not fill the history. */
export function replaceSearch(changes: Readonly<Record<string, string | null>>): void {
  const { path, search } = readRoute();
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') search.delete(name);
    else search.set(name, value);
  }
  const query = search.toString();
  history.replaceState(null, '', `#/${path.map(encodeURIComponent).join('/')}${query ? `?${query}` : ''}`);
  route.set(readRoute());
}
