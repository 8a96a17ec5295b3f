import type { ClientWire, PostgresClient } from './client.ts';

type NewWire = new (config: { readonly ssl: unknown; readonly sslNegotiation: string | undefined }) => ClientWire;

/** A request to stop a statement, on its way. */
export interface CancelRequest {
  /** Resolves when the server has taken note, or could not be reached. */
  readonly done: Promise<void>;
  /** Waits no longer: for a server that accepts a connection and says nothing. */
  abandon(): void;
}

/**
 * Asks the server to stop what a connection is running, over a connection of its own, as the protocol has it
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS); poolers pass it on.
 * Whether the statement stopped, its own answer tells.
 */
export function cancelStatement(client: PostgresClient): CancelRequest {
  const { processID, secretKey, host, port, ssl, connection } = client;
  if (processID === null || secretKey === null) return { done: Promise.resolve(), abandon: () => undefined };
  // The class is not exported where a pool was handed in, but every connection has one.
  const wire = new (connection.constructor as NewWire)({ ssl, sslNegotiation: connection.sslNegotiation });
  let abandon = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    const send = () => wire.cancel(processID, secretKey);
    wire.once('connect', () => {
      if (!ssl) send();
      else if (connection.sslNegotiation !== 'direct') wire.requestSsl();
    });
    wire.once('sslconnect', send);
    abandon = () => {
      wire.stream.destroy();
      resolve();
    };
    wire.on('error', abandon);
    wire.once('end', resolve);
    if (host.startsWith('/')) wire.connect(`${host}/.s.PGSQL.${port}`);
    else wire.connect(port, host);
  });
  return { done, abandon };
}
