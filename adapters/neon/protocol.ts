import type { PostgresErrorFields } from '../../src/dialect/postgres/index.ts';
import type { WireRow } from '../../src/port.ts';

/** One statement as it travels: all parameters are text. */
export interface NeonQuery {
  readonly query: string;
  readonly params: readonly (string | null)[];
}

/** How the transaction of a batch is opened. */
export interface NeonMode {
  /** As in the header: `RepeatableRead`. */
  readonly isolation: string | null;
  readonly readOnly: boolean;
}

/** What one statement answered, with its values read by the types of their columns. */
export interface NeonAnswer {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
  readonly rows: readonly WireRow[];
  readonly command: string;
  /** Null for commands that count nothing. */
  readonly rowCount: number | null;
}

/** The way to the server. */
export interface NeonTransport {
  /** Runs one statement by itself. Rejects with {@link NeonRefusal} where the server answers with an error. */
  query(query: NeonQuery, signal: AbortSignal): Promise<NeonAnswer>;
  /** Runs all statements in one transaction, or none. Rejects as {@link query} does. */
  batch(queries: readonly NeonQuery[], mode: NeonMode, signal: AbortSignal): Promise<readonly NeonAnswer[]>;
}

/** The server's answer where it is an error: the database's own, or one of what stands before it. */
export class NeonRefusal extends Error {
  readonly status: number;
  /** The fields of the database's error; null where the answer holds none. Its code is empty where it is the proxy's. */
  readonly fields: PostgresErrorFields | null;

  constructor(status: number, fields: PostgresErrorFields | null) {
    super(`HTTP status ${status}`);
    this.status = status;
    this.fields = fields;
  }
}
