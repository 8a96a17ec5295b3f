import type { ClosingSocket } from '../../src/port.ts';

/** The parts of mysql2 that this adapter uses. */
export interface NativeModule {
  createPool(config: Readonly<Record<string, unknown>>): NativePool;
  createConnection(config: Readonly<Record<string, unknown>>): NativeConnection;
  /** Parameters of a stated type; since 3.24. */
  readonly TypedParameter?: { readonly LONGLONG: IntegerParameter };
  readonly CharsetToEncoding: readonly string[];
}

/** Makes an integer parameter of 64 bits, with sign or, by `unsigned`, without. */
export interface IntegerParameter {
  (value: bigint | number): unknown;
  unsigned(value: bigint): unknown;
}

/** A pool of mysql2, as its callback interface has it. */
export interface NativePool {
  readonly config: {
    readonly connectionConfig: NativeConfig;
    readonly resetOnRelease?: boolean;
    readonly connectionLimit?: number;
  };
  getConnection(callback: (error: unknown, connection: NativeConnection) => void): void;
  end(callback: (error: unknown) => void): void;
}

/** What mysql2 keeps of the options of a pool. */
export interface NativeConfig {
  readonly host?: string;
  readonly port?: number;
  readonly socketPath?: string;
  readonly user?: string;
  password?: string | undefined;
  readonly database?: string;
  readonly ssl?: unknown;
  readonly charsetNumber: number;
  readonly clientFlags: number;
  readonly typeCast?: unknown;
  readonly jsonStrings?: boolean;
  readonly decimalNumbers?: boolean;
  readonly queryFormat?: unknown;
  readonly maxPreparedStatements?: number;
}

/** A connection of mysql2. */
export interface NativeConnection {
  readonly threadId: number | null;
  readonly stream?: ClosingSocket & { destroy?(): void };
  execute(options: NativeQuery, callback: NativeCallback): unknown;
  query(options: NativeQuery, callback: NativeCallback): NativeCommand;
  ping(callback: (error: unknown) => void): unknown;
  on(event: 'end' | 'error', listener: (error?: unknown) => void): unknown;
  release(): void;
  destroy(): void;
}

/** A text under way. */
export interface NativeCommand {
  /** Calls back with the columns of each answer, before its rows; for a statement without rows with none. */
  on(event: 'fields', listener: () => void): unknown;
}

/** One statement and how its values are to be read. */
export interface NativeQuery {
  readonly sql: string;
  readonly values?: readonly unknown[];
  readonly rowsAsArray: true;
  readonly nestTables: false;
  readonly dateStrings: true;
  readonly supportBigNumbers: true;
  readonly bigNumberStrings: false;
}

/** How every value is read: rows as arrays, instants as text, integers beyond 2^53 as text. */
export const READING: Omit<NativeQuery, 'sql' | 'values'> = {
  rowsAsArray: true,
  nestTables: false,
  dateStrings: true,
  supportBigNumbers: true,
  bigNumberStrings: false,
};

/** Gets rows and their columns, or the header of a statement without rows. */
export type NativeCallback = (
  error: unknown,
  result?: readonly (readonly unknown[])[] | NativeHeader,
  fields?: readonly NativeField[],
) => void;

/** What a statement without rows answered. */
export interface NativeHeader {
  readonly affectedRows: number | string;
  /** The first generated key. */
  readonly insertId: number | string;
  readonly serverStatus?: number;
}

/** A column of a result. */
export interface NativeField {
  readonly name: string;
  readonly columnType: number;
  readonly characterSet: number;
}
