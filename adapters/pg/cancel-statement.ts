import type { PgClient, PgWire } from './pg-module.ts';

type NewWire = new (config: { readonly ssl: unknown; readonly sslNegotiation: string | undefined }) => PgWire;

/**
 * Asks the server to stop what a connection is running, over a connection of its own, as the protocol has it
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS); poolers pass it on.
 * Resolves when the server has taken note, or could not be reached: whether the statement stopped, its own answer tells.
 */
export function cancelStatement(client: PgClient): Promise<void> {
  const { processID, secretKey, host, port, ssl, connection } = client;
  if (processID === null || secretKey === null) return Promise.resolve();
  return new Promise((resolve) => {
    // The class is not exported where a pool was handed in, but every connection has one.
    const wire = new (connection.constructor as NewWire)({ ssl, sslNegotiation: connection.sslNegotiation });
    const send = () => wire.cancel(processID, secretKey);
    wire.once('connect', () => {
      if (!ssl) send();
      else if (connection.sslNegotiation !== 'direct') wire.requestSsl();
    });
    wire.once('sslconnect', send);
    wire.on('error', () => {
      wire.stream.destroy();
      resolve();
    });
    wire.once('end', resolve);
    if (host.startsWith('/')) wire.connect(`${host}/.s.PGSQL.${port}`);
    else wire.connect(port, host);
  });
}
