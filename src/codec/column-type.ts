/** The logical types a column may have, with the details that its storage and checks depend on. */
export type ColumnType =
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
