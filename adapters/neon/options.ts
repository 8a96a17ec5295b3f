import {
  ConfigurationError,
  checkHttpOptions,
  type HttpOptions,
  isSecret,
  maskUrl,
  parseConnectionUrl,
  revealSecret,
  Secret,
  type SecretSource,
} from '../../src/port.ts';

/** How a Neon database is reached over HTTP. */
export interface NeonHttpOptions extends HttpOptions {
  /** `postgresql://user:password@host/database`, as Neon's console shows it. */
  readonly url: string | Secret;
  /** A token of Neon Authorize, in place of a password. A function is asked for each request. */
  readonly authToken?: SecretSource;
}

/** The options, completed and checked. */
export interface NeonSettings {
  readonly host: string;
  readonly statementTimeout: number;
  /** The URL with the password of this moment. */
  url(): Promise<string>;
  /** The token of this moment. */
  authToken(): Promise<string | undefined>;
}

/**
 * Reads the options; `more` are the names of those that the caller reads itself. Throws `configuration` naming the option
 * that is unknown or wrong, and never its value.
 */
export function readOptions(options: NeonHttpOptions, more: readonly string[]): NeonSettings {
  checkHttpOptions(options, ['authToken', ...more], ['password', 'authToken']);
  const { url, password, authToken, statementTimeout = 0 } = options;
  if (!isSecret(url)) throw new ConfigurationError('url: must be a text or a Secret');
  const text = (typeof url === 'string' ? url : url.reveal()).trim();
  const host = hostOf(text);
  const secret = new Secret(text, maskUrl(text));
  return {
    host,
    statementTimeout,
    url: async () => (password === undefined ? text : withPassword(secret.reveal(), await revealSecret(password))),
    authToken: async () => (authToken === undefined ? undefined : checkToken(await revealSecret(authToken))),
  };
}

// The package says the whole URL, password included, in its error for one that it cannot read.
function hostOf(url: string): string {
  const { protocol, user, host, database } = parseConnectionUrl(url);
  if (!/^postgres(?:ql)?:$/.test(protocol)) {
    throw new ConfigurationError(`url: must begin with postgresql:// or postgres://, not ${protocol}//`);
  }
  if (user === undefined || host === undefined || database === undefined) {
    throw new ConfigurationError('url: must have a user, a host and a database');
  }
  // A header takes nothing else, and the error for one that does not fit would show it.
  if (!/^[!-~]+$/.test(url) || !URL.canParse(`http:${url.slice(protocol.length)}`)) {
    throw new ConfigurationError('url: has characters in it that must be percent-encoded');
  }
  return host;
}

function checkToken(token: string): string {
  if (/^[!-~]+$/.test(token)) return token;
  throw new ConfigurationError('authToken: is empty, or has characters in it that a header does not take');
}

function withPassword(url: string, password: string): string {
  return url.replace(
    /^([^:]+:\/\/)([^:@/]*)(?::[^@/]*)?@/,
    (_, scheme: string, user: string) => `${scheme}${user}:${encodeURIComponent(password)}@`,
  );
}
