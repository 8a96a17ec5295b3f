import { ConfigurationError } from '../errors.ts';
import { LONGEST_TIMER } from '../wire/longest-timer.ts';
import { suggestName } from './closest-name.ts';
import { type ConnectionUrl, parseConnectionUrl } from './connection-url.ts';
import { type PoolOptions, readPoolOptions } from './pool/pool-options.ts';
import { isSecret, type Secret, type SecretSource } from './secret.ts';
import type { TlsOptions } from './tls-options.ts';
import { tlsOf, tlsParameters } from './tls-options.ts';

/** How a database server is reached: what every server driver takes, and what a configuration file holds. */
export interface ServerOptions {
  /** `scheme://user:password@host:port/database?name=value`; what is given beside it wins over its parts. */
  readonly url?: string | Secret;
  /** A name, an address, or the path of a socket. Default `localhost`. */
  readonly host?: string;
  readonly port?: number;
  readonly database?: string;
  readonly user?: string;
  /** A function is asked each time a connection is opened, for tokens that expire. */
  readonly password?: SecretSource;
  /** True for TLS with the server's certificate verified; false, the default, for none. */
  readonly ssl?: boolean | TlsOptions;
  /** How many milliseconds an attempt to connect may take. Default 10,000. */
  readonly connectTimeout?: number;
  readonly pool?: PoolOptions;
}

/** What an adapter knows of its server. */
export interface ServerDefaults {
  /** The protocols of its URLs, with their colon. */
  readonly protocols: readonly string[];
  readonly port: number;
  /** The parameters of a URL that the adapter understands, beside those of {@link readServerOptions}. */
  readonly parameters?: readonly string[];
  /** The adapter's own options beside {@link ServerOptions}. */
  readonly options?: readonly string[];
}

/** A server's address and login, complete and checked. */
export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly database?: string;
  readonly user?: string;
  readonly password?: SecretSource;
  readonly ssl: false | TlsOptions;
  readonly connectTimeout: number;
  readonly pool: PoolOptions;
  /** The parameters of the URL that the adapter understands. */
  readonly parameters: ReadonlyMap<string, string>;
}

const NAMES: readonly (keyof ServerOptions)[] = [
  'url',
  'host',
  'port',
  'database',
  'user',
  'password',
  'ssl',
  'connectTimeout',
  'pool',
];
const CONNECT_TIMEOUT = 10_000;
const POOL_PREFIX = 'pool.';

/**
 * Completes the address of a server from its options and its URL. Of a URL it understands, beside its parts, `host` (for
 * a socket), `sslmode` or `ssl-mode` or `ssl`, `connect_timeout` in seconds, and `pool.max` and its like.
 *
 * Throws `configuration` naming the option that is unknown or wrong, and never its value.
 */
export function readServerOptions(options: ServerOptions, defaults: ServerDefaults): ServerSettings {
  checkOptions(options, defaults);
  const url = options.url === undefined ? null : parseConnectionUrl(reveal(options.url));
  if (url !== null && !defaults.protocols.includes(url.protocol)) {
    throw new ConfigurationError(`url: must begin with ${defaults.protocols.join('// or ')}//, not ${url.protocol}//`);
  }
  const parameters = url?.parameters ?? new Map<string, string>();
  checkParameters(parameters, defaults);
  if (options.pool !== undefined) readPoolOptions(options.pool);
  const pool = { ...poolParameters(parameters), ...options.pool };
  readPoolOptions(pool);
  const database = options.database ?? url?.database;
  const user = options.user ?? url?.user;
  const password = options.password ?? url?.password;
  return {
    host: options.host ?? url?.host ?? parameters.get('host') ?? 'localhost',
    port: options.port ?? url?.port ?? defaults.port,
    ...(database === undefined ? {} : { database }),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ssl: options.ssl === undefined ? tlsParameters(parameters) : tlsOf(options.ssl),
    connectTimeout: options.connectTimeout ?? connectTimeoutOf(parameters),
    pool,
    parameters: new Map([...parameters].filter(([name]) => defaults.parameters?.includes(name))),
  };
}

function reveal(url: string | Secret): string {
  return typeof url === 'string' ? url : url.reveal();
}

function checkOptions(options: ServerOptions, defaults: ServerDefaults): void {
  const known: readonly string[] = [...NAMES, ...(defaults.options ?? [])];
  for (const name of Object.keys(options)) {
    if (!known.includes(name))
      throw new ConfigurationError(`${name}: there is no such option; ${suggestName(name, known)}`);
  }
  for (const name of ['host', 'database', 'user'] as const) {
    expectType(name, options[name], (value) => typeof value === 'string', 'a text');
  }
  expectType('url', options.url, isSecret, 'a text or a Secret');
  expectType(
    'password',
    options.password,
    (value) => isSecret(value) || typeof value === 'function',
    'a text, a Secret or a function',
  );
  expectType('port', options.port, isPort, 'a whole number from 1 to 65535');
  expectType('connectTimeout', options.connectTimeout, isTime, `milliseconds, above zero and at most ${LONGEST_TIMER}`);
}

function expectType(name: string, value: unknown, fits: (value: unknown) => boolean, what: string): void {
  if (value !== undefined && !fits(value)) throw new ConfigurationError(`${name}: must be ${what}`);
}

function isPort(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value <= LONGEST_TIMER;
}

const UNDERSTOOD = ['host', 'sslmode', 'ssl-mode', 'ssl', 'connect_timeout'];

function checkParameters(parameters: ConnectionUrl['parameters'], defaults: ServerDefaults): void {
  const known = [...UNDERSTOOD, ...(defaults.parameters ?? [])];
  for (const name of parameters.keys()) {
    if (known.includes(name) || name.startsWith(POOL_PREFIX)) continue;
    throw new ConfigurationError(`url: there is no parameter '${name}'; ${suggestName(name, known)}`);
  }
}

function poolParameters(parameters: ConnectionUrl['parameters']): PoolOptions {
  const given = [...parameters].filter(([name]) => name.startsWith(POOL_PREFIX));
  return Object.fromEntries(
    given.map(([name, text]) => [
      name.slice(POOL_PREFIX.length),
      text === 'true' || text === 'false' ? text === 'true' : toNumber(text, name),
    ]),
  );
}

function connectTimeoutOf(parameters: ConnectionUrl['parameters']): number {
  const text = parameters.get('connect_timeout');
  if (text === undefined) return CONNECT_TIMEOUT;
  const ms = toNumber(text, 'connect_timeout') * 1000;
  if (!isTime(ms))
    throw new ConfigurationError("url: the parameter 'connect_timeout' must be above zero seconds, and below 25 days");
  return ms;
}

function toNumber(text: string, name: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(number)) throw new ConfigurationError(`url: the parameter '${name}' must be a number`);
  return number;
}
