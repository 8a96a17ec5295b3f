import { type NativeConnection, type NativeModule, type NativePool, READING } from './native.ts';

/** Asks the server to stop what a connection runs. Resolves when the server has taken the request. */
export type CancelStatement = (threadId: number) => Promise<void>;

const TIMEOUT = 5000;

/**
 * Cancels over a connection of its own, since that of the statement is busy and those of the pool may all be. A user may
 * stop the statements of his own connections without any privilege.
 */
export function createCancel(mysql2: NativeModule, pool: NativePool): CancelStatement {
  return (threadId) => {
    const { host, port, socketPath, user, password, ssl } = pool.config.connectionConfig;
    const address = socketPath === undefined ? { host, port } : { socketPath };
    const connection = mysql2.createConnection({ ...address, user, password, ssl, connectTimeout: TIMEOUT });
    return new Promise<void>((resolve, reject) => {
      const settle = (error: unknown): void => {
        end(connection);
        if (error == null) resolve();
        else reject(error);
      };
      connection.on('error', settle);
      connection.query({ ...READING, sql: `KILL QUERY ${Math.trunc(threadId)}` }, settle);
    });
  };
}

/** Closes a connection and its socket at once, whatever it is waiting for. */
export function end(connection: NativeConnection): void {
  connection.destroy();
  connection.stream?.destroy?.();
}
