/** How a column of a custom type is stored in one dialect; the logical type beside it is that of its wire values. */
export interface CustomStorage {
  /** The type of the column in the schema. */
  readonly sqlType: string;
  /** The SQL of the stored value, over that of a wire value; null where the engine converts by itself, or has nothing to. */
  readonly write: ((wire: string) => string) | null;
  /** The SQL of the wire value, over a stored one. */
  readonly read: ((stored: string) => string) | null;
}

/** The logical types a column may have, with the details that its storage and checks depend on. */
export type ColumnType = LogicalType & { readonly custom?: CustomStorage };

type LogicalType =
  | { readonly name: 'integer' }
  | { readonly name: 'bigint' }
  | { readonly name: 'float' }
  | { readonly name: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly name: 'text'; readonly maxLength?: number; readonly values?: readonly string[] }
  | { readonly name: 'uuid' }
  | { readonly name: 'boolean' }
  | { readonly name: 'datetime' }
  | { readonly name: 'date' }
  | { readonly name: 'json' }
  | { readonly name: 'bytes' };

/** The name of a logical type. */
export type ColumnTypeName = ColumnType['name'];
