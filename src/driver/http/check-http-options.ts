import { ConfigurationError } from '../../errors.ts';
import { LONGEST_TIMER } from '../../wire/longest-timer.ts';
import { suggestName } from '../closest-name.ts';
import { isSecret, type Secret, type SecretSource } from '../secret.ts';

/** How a database is reached over HTTP. */
export interface HttpOptions {
  /** The URL as the vendor's console shows it, with user, password, host and database. */
  readonly url?: string | Secret;
  /** In place of the URL's password. A function is asked for each request, for one that expires. */
  readonly password?: SecretSource;
  /** After how many milliseconds a request is given up as `statement-timeout`. Default 0: no limit. */
  readonly statementTimeout?: number;
}

/**
 * Checks the options of a driver over HTTP. Throws `configuration` naming the option that is unknown or wrong, and never
 * its value.
 *
 * @param more - the other options that there are
 * @param secrets - which of the options are secrets, or functions that fetch them
 */
export function checkHttpOptions(options: HttpOptions, more: readonly string[], secrets: readonly string[]): void {
  const known = ['url', 'password', 'statementTimeout', ...more];
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) {
      throw new ConfigurationError(`${name}: there is no such option; ${suggestName(name, known)}`);
    }
    if (!secrets.includes(name) || value === undefined || isSecret(value) || typeof value === 'function') continue;
    throw new ConfigurationError(`${name}: must be a text, a Secret or a function`);
  }
  const { url, statementTimeout = 0 } = options;
  if (url !== undefined && !isSecret(url)) throw new ConfigurationError('url: must be a text or a Secret');
  if (!(statementTimeout >= 0 && statementTimeout <= LONGEST_TIMER)) {
    throw new ConfigurationError(`statementTimeout: must be milliseconds, from 0 to ${LONGEST_TIMER}`);
  }
}
