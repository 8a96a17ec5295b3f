import { revealSecret, type Secret } from '../secret.ts';
import type { ServerSettings } from '../server-options.ts';

/** What a pool of clients is told beside its server. */
interface ClientPoolSettings {
  readonly applicationName: string;
  readonly pipeline: boolean;
  readonly max: number;
  readonly idleTimeout: number;
}

/** The options of a server in the words of a pool of clients: `max` connections, each opened within `connectTimeout`. */
export function clientConfig(
  server: ServerSettings,
  { applicationName, pipeline, max, idleTimeout }: ClientPoolSettings,
): object {
  const { host, port, database, user, password, ssl, connectTimeout, parameters } = server;
  const options = parameters.get('options');
  return {
    host,
    port,
    ...(database === undefined ? {} : { database }),
    ...(user === undefined ? {} : { user }),
    // A function, so that the pool's options hold no secret, and a token is asked for when it is needed.
    ...(password === undefined ? {} : { password: () => revealSecret(password) }),
    ssl: ssl === false ? false : { ...ssl, ...(ssl.key === undefined ? {} : { key: reveal(ssl.key) }) },
    application_name: parameters.get('application_name') ?? applicationName,
    ...(options === undefined ? {} : { options }),
    ...(pipeline ? { pipeline } : {}),
    keepAlive: true,
    connectionTimeoutMillis: connectTimeout,
    idleTimeoutMillis: idleTimeout,
    max,
  };
}

function reveal(secret: string | Secret): string {
  return typeof secret === 'string' ? secret : secret.reveal();
}
