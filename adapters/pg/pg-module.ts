import type { ClosingSocket, WireValue } from '../../src/port.ts';

/** The package `pg`, as far as it is used here. */
export interface PgModule {
  readonly Pool: new (config: object) => PgPool;
}

/** A pool of the package `pg`. */
export interface PgPool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly options: { readonly max?: number | undefined };
  connect(): Promise<PgPoolClient>;
  end(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** A connection on loan from a {@link PgPool}. */
export interface PgPoolClient {
  release(error?: Error | boolean): void;
}

/** What a client of `pg` is told to run. */
export interface PgQuery {
  readonly text: string;
  readonly values?: readonly WireValue[];
  readonly name?: string;
  readonly rowMode?: 'array';
  readonly queryMode?: 'extended';
  readonly types?: { getTypeParser(oid: number): (text: string) => WireValue };
}

/** What it answers. */
export interface PgResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly rows: readonly (readonly WireValue[])[];
  readonly fields: readonly { readonly name: string }[];
}

/** A connection with what its public type leaves out. */
export interface PgClient extends PgPoolClient {
  readonly host: string;
  readonly port: number;
  readonly ssl: unknown;
  readonly processID: number | null;
  readonly secretKey: number | null;
  readonly connection: PgWire;
  query(query: PgQuery): Promise<PgResult>;
  /** `I` outside of a transaction, `T` in one, `E` in one that failed; older versions do not tell. */
  getTransactionStatus?(): string | null;
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/** The protocol below a client. */
export interface PgWire {
  readonly stream: ClosingSocket & { destroy(): void };
  readonly sslNegotiation?: string;
  readonly constructor: unknown;
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
  once(event: 'connect' | 'sslconnect' | 'end' | 'error', listener: () => void): unknown;
  on(event: 'error', listener: () => void): unknown;
}
