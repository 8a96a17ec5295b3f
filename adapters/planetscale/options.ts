import {
  ConfigurationError,
  type ConnectionUrl,
  checkHttpOptions,
  type HttpOptions,
  parseConnectionUrl,
  revealSecret,
  type Secret,
  type SecretSource,
} from '../../src/port.ts';
import type { NativeFetch } from './planetscale-module.ts';

/** The options of {@link planetscale}. */
export interface PlanetscaleOptions extends HttpOptions {
  /** `mysql://username:password@host/database`, or its parts as `host`, `username` and `password`, which win over it. */
  readonly url?: string | Secret;
  readonly host?: string;
  readonly username?: string;
  /** The package `@planetscale/database`, where it is not to be imported by its name. */
  readonly planetscale?: object;
  /** In place of the runtime's own `fetch`: for tests, or to add tracing. The request has a `signal`. */
  readonly fetch?: NativeFetch;
  /** The address that takes the requests. Default `https://<host>`. */
  readonly endpoint?: string;
}

/** The options, completed and checked. */
export interface PlanetscaleSettings {
  readonly host: string;
  readonly username: string;
  readonly endpoint: string;
  readonly fetch: NativeFetch;
  readonly statementTimeout: number;
  readonly module: object | undefined;
  /** The password of this moment. */
  password(): Promise<string>;
}

/** Reads the options. Throws `configuration` naming the option that is unknown or wrong, and never its value. */
export function readOptions(options: PlanetscaleOptions): PlanetscaleSettings {
  checkHttpOptions(options, ['host', 'username', 'planetscale', 'fetch', 'endpoint'], ['password']);
  const { url, fetch: send = runtimeFetch, planetscale: module, statementTimeout = 0 } = options;
  const login: Partial<ConnectionUrl> = url === undefined ? {} : loginOf(typeof url === 'string' ? url : url.reveal());
  const host = textOf('host', options.host ?? login.host);
  const username = textOf('username', options.username ?? login.user);
  const password: SecretSource | undefined = options.password ?? login.password;
  if (password === undefined) throw new ConfigurationError('password: is missing, in the url or beside it');
  if (typeof send !== 'function') throw new ConfigurationError('fetch: must be a function');
  // The package puts it into a URL, and then into a header.
  if (!/^[\w.-]+(?::\d+)?$/.test(host)) throw new ConfigurationError('host: must be the name of a host');
  return {
    host,
    username,
    endpoint: textOf('endpoint', options.endpoint ?? `https://${host}`).replace(/\/+$/, ''),
    fetch: send,
    statementTimeout,
    module,
    password: async () => checkPassword(await revealSecret(password)),
  };
}

function loginOf(url: string): ConnectionUrl {
  const parts = parseConnectionUrl(url);
  if (/^(?:mysql|https):$/.test(parts.protocol)) return parts;
  throw new ConfigurationError(`url: must begin with mysql://, not ${parts.protocol}//`);
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new ConfigurationError(
    `${name}: must be a text that is not empty${name === 'endpoint' ? '' : ', in the url or beside it'}`,
  );
}

// A header takes bytes only, and the error for others would show it.
function checkPassword(password: string): string {
  if (/^[\x20-\xff]+$/.test(password)) return password;
  throw new ConfigurationError('password: is empty, or has characters in it that a header does not take');
}

// Looked up for each request, because test tools put another one in its place.
const runtimeFetch: NativeFetch = (url, init) => fetch(url, init as RequestInit);
