import { ConfigurationError } from '../errors.ts';
import { suggestName } from './closest-name.ts';
import type { ConnectionUrl } from './connection-url.ts';
import { isSecret, type Secret } from './secret.ts';

/** How a connection is encrypted; the names are those of Node's `tls.connect`. */
export interface TlsOptions {
  /** The certificates to trust, in PEM, instead of those that the runtime knows. */
  readonly ca?: string;
  /** The client's own certificate, in PEM. */
  readonly cert?: string;
  /** The client's private key, in PEM. */
  readonly key?: string | Secret;
  /** Whether a certificate that cannot be verified ends the attempt. Default true. */
  readonly rejectUnauthorized?: boolean;
  /** The name the server's certificate must have, where it is not the host's. */
  readonly servername?: string;
}

/** The options, and what each must be. */
const OPTIONS: ReadonlyMap<string, readonly [fits: (value: unknown) => boolean, what: string]> = new Map([
  ['ca', [isText, 'a text in PEM']],
  ['cert', [isText, 'a text in PEM']],
  ['key', [isSecret, 'a text in PEM or a Secret']],
  ['rejectUnauthorized', [isBoolean, 'true or false']],
  ['servername', [isText, 'a text']],
] satisfies [keyof TlsOptions, readonly [(value: unknown) => boolean, string]][]);

/** Libpq's and MySQL's words for it, in lower case. */
const MODES: ReadonlyMap<string, false | TlsOptions> = new Map<string, false | TlsOptions>([
  ['disable', false],
  ['disabled', false],
  ['false', false],
  ['0', false],
  ['require', { rejectUnauthorized: false }],
  ['required', { rejectUnauthorized: false }],
  ['no-verify', { rejectUnauthorized: false }],
  ['verify-full', {}],
  ['verify_identity', {}],
  ['true', {}],
  ['1', {}],
]);

/** Checks the option `ssl`. Throws `configuration` naming what is unknown or wrong. */
export function tlsOf(ssl: boolean | TlsOptions): false | TlsOptions {
  if (typeof ssl === 'boolean') return ssl ? {} : false;
  if (typeof ssl !== 'object' || ssl === null) throw new ConfigurationError('ssl: must be true, false, or an object');
  for (const [name, value] of Object.entries(ssl)) {
    const option = OPTIONS.get(name);
    if (option === undefined) {
      throw new ConfigurationError(`ssl.${name}: there is no such option; ${suggestName(name, [...OPTIONS.keys()])}`);
    }
    const [fits, what] = option;
    if (!fits(value)) throw new ConfigurationError(`ssl.${name}: must be ${what}`);
  }
  return ssl;
}

/** What the parameters of a URL ask for; `require` encrypts without verifying, as with libpq. */
export function tlsParameters(parameters: ConnectionUrl['parameters']): false | TlsOptions {
  const name = ['sslmode', 'ssl-mode', 'ssl'].find((one) => parameters.has(one));
  if (name === undefined) return false;
  const mode = MODES.get(parameters.get(name)?.toLowerCase() ?? '');
  if (mode !== undefined) return mode;
  throw new ConfigurationError(
    `url: the parameter '${name}' must be one of ${[...MODES.keys()].join(', ')}; a mode that would fall back to no encryption is not offered`,
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}
