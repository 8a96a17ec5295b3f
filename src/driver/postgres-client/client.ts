import type { WireValue } from '../../wire/wire-value.ts';
import type { ClosingSocket } from '../pool/open-sockets.ts';

/** A package with clients for PostgreSQL: `pg`, or one with its interface. */
export interface PostgresModule {
  readonly Pool: new (config: object) => PostgresPool;
}

/** A pool of clients. */
export interface PostgresPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly options: { readonly max?: number | undefined };
  connect(): Promise<PostgresPoolClient>;
  end(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** A connection on loan from a {@link PostgresPool}. */
export interface PostgresPoolClient {
  release(error?: Error | boolean): void;
}

/** What a client is told to run. */
export interface ClientQuery {
  readonly text: string;
  readonly values?: readonly WireValue[];
  readonly name?: string;
  readonly rowMode?: 'array';
  readonly queryMode?: 'extended';
  readonly types?: { getTypeParser(oid: number): (text: string) => WireValue };
}

/** What it answers. */
export interface ClientResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: readonly (readonly WireValue[])[];
  readonly fields: readonly { readonly name: string }[];
}

/** A connection with what its public type leaves out. */
export interface PostgresClient extends PostgresPoolClient {
  readonly host: string;
  readonly port: number;
  readonly ssl: unknown;
  /** Whether it sends statements before those before them are answered; older versions cannot. */
  readonly pipeline?: boolean;
  readonly processID: number | null;
  readonly secretKey: number | null;
  readonly connection: ClientWire;
  query(query: ClientQuery): Promise<ClientResult>;
  /** `I` outside of a transaction, `T` in one, `E` in one that failed; older versions do not tell. */
  getTransactionStatus?(): string | null;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/** The protocol below a client. */
export interface ClientWire {
  readonly stream: ClosingSocket & { destroy(): void };
  readonly sslNegotiation?: string;
  readonly constructor: unknown;
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
  once(event: 'connect' | 'sslconnect' | 'end' | 'error', listener: () => void): unknown;
  on(event: 'error', listener: () => void): unknown;
  on(event: 'readyForQuery', listener: (message: { readonly status: string }) => void): unknown;
}
