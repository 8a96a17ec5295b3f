import { fileURLToPath } from 'node:url';
import { ConfigurationError, suggestName } from '../../src/port.ts';
import type { FileDatabase } from './config-types.ts';

/** The URLs of databases that are files. */
export const FILE_PROTOCOL: RegExp = /^(?:sqlite|file):/i;

/** Libsqlite's words for how a file is opened. */
const MODES: ReadonlyMap<string, { readonly readOnly?: boolean }> = new Map([
  ['ro', { readOnly: true }],
  ['rwc', {}],
]);

/**
 * The file that a URL names: `sqlite:app.db`, `sqlite://app.db`, `sqlite:///srv/app.db`, `sqlite::memory:`, and the same with
 * `file:`; `?mode=ro` opens it for reading only. Percent-decoded. Throws `configuration` for anything else.
 */
export function fileOfUrl(url: string): FileDatabase {
  const [, location = '', query = ''] = /^[a-z]+:([^?#]*)(?:\?([^#]*))?$/i.exec(url) ?? refuse('it has a fragment');
  const mode = modeOf(query);
  if (location === '') return refuse('it names no file');
  // On Windows, `file:///C:/app.db` is `C:\app.db`, which Node knows best.
  const path = location.startsWith('///')
    ? tried(() => fileURLToPath(`file:${location}`))
    : decode(location.replace(/^\/\//, ''));
  return { path, ...mode };
}

function modeOf(query: string): { readonly readOnly?: boolean } {
  for (const pair of query.split('&').filter((one) => one !== '')) {
    const [name = '', value = ''] = pair.split('=', 2);
    if (name !== 'mode') return refuse(`there is no parameter '${name}'; ${suggestName(name, ['mode'])}`);
    return MODES.get(value) ?? refuse(`the parameter 'mode' must be one of ${[...MODES.keys()].join(', ')}`);
  }
  return {};
}

function decode(text: string): string {
  return tried(() => decodeURIComponent(text));
}

function tried(read: () => string): string {
  try {
    return read();
  } catch {
    return refuse('its path cannot be read');
  }
}

function refuse(why: string): never {
  throw new ConfigurationError(`the URL of a database in a file cannot be read: ${why}`);
}
