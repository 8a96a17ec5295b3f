import { ConfigurationError } from '../errors.ts';
import { Secret } from './secret.ts';

/** The parts of a connection URL, percent-decoded; what the URL does not hold is absent. */
export interface ConnectionUrl {
  /** Lower case and with its colon, as in `URL.protocol`: `https:`. */
  readonly protocol: string;
  readonly user?: string;
  readonly password?: Secret;
  /** Without the brackets of an IPv6 address; a path for a socket. */
  readonly host?: string;
  readonly port?: number;
  /** Without the slash before it. */
  readonly database?: string;
  /** The query, in its order; of a name that is there twice, the last one. */
  readonly parameters: ReadonlyMap<string, string>;
}

const URL_PARTS = /^([a-z][a-z\d+.-]*):\/\/(?:([^/?#]*)@)?([^/?#@]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i;
const HOST_PARTS = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d*))?$/;
const SECRET_NAMES = /pass|pwd|secret|token|key|credential|auth/i;

/**
 * Takes a server's URL apart: `scheme://user:password@host:port/database?name=value`, each part percent-decoded. Throws
 * `configuration`, which never shows the URL: one that cannot be read cannot be masked with certainty either.
 */
export function parseConnectionUrl(url: string): ConnectionUrl {
  const [, scheme = '', login, address = '', path = '', query = ''] = URL_PARTS.exec(url.trim()) ?? refuse(FORM);
  const [, ipv6, name, port] = HOST_PARTS.exec(address) ?? refuse('the host or the port cannot be read');
  const host = ipv6 ?? decode(name ?? '', 'host');
  const database = decode(path, 'database');
  return {
    protocol: `${scheme.toLowerCase()}:`,
    ...(login === undefined ? {} : parseLogin(login)),
    ...(host === '' ? {} : { host }),
    ...(port === undefined || port === '' ? {} : { port: parsePort(port) }),
    ...(database === '' ? {} : { database }),
    parameters: parseQuery(query),
  };
}

/**
 * A URL as it may be shown: the password, and every parameter whose name speaks of a secret, is `***`. What cannot be
 * told apart with certainty is masked with it.
 */
export function maskUrl(url: string): string {
  const scheme = /^[^:/?#]*:\/\//.exec(url)?.[0] ?? '';
  const rest = url.slice(scheme.length);
  // The last one: an '@' or '/' that somebody forgot to escape in a password must not let the rest of it through.
  const at = rest.lastIndexOf('@');
  const colon = rest.indexOf(':');
  const masked = colon !== -1 && colon < at ? `${rest.slice(0, colon)}:***${rest.slice(at)}` : rest;
  return `${scheme}${masked}`.replace(/([?&;])([^=&;#?]+)=([^&;#]*)/g, (pair, separator, name) =>
    SECRET_NAMES.test(name) ? `${separator}${name}=***` : pair,
  );
}

const FORM = 'it must have the form scheme://user:password@host:port/database?name=value';

function refuse(why: string): never {
  throw new ConfigurationError(
    `the connection URL cannot be read: ${why}; a special character in a user, password or name must be percent-encoded ('@' is %40, '/' is %2F)`,
  );
}

function parseLogin(login: string): { user?: string; password?: Secret } {
  const colon = login.indexOf(':');
  const user = decode(colon === -1 ? login : login.slice(0, colon), 'user');
  const password = colon === -1 ? undefined : new Secret(decode(login.slice(colon + 1), 'password'));
  return { ...(user === '' ? {} : { user }), ...(password === undefined ? {} : { password }) };
}

function parsePort(text: string): number {
  const port = Number(text);
  return port >= 1 && port <= 65_535 ? port : refuse('the port must be from 1 to 65535');
}

function parseQuery(query: string): ReadonlyMap<string, string> {
  const pairs = query.split('&').filter((pair) => pair !== '');
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      const name = decode(equals === -1 ? pair : pair.slice(0, equals), 'query');
      return [name, equals === -1 ? '' : decode(pair.slice(equals + 1), 'query')];
    }),
  );
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse(`the ${part} has a '%' that no two hexadecimal digits follow`);
  }
}
