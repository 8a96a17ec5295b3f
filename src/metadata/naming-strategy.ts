/** How database names are made from property names. Table names are always given, never derived. */
export interface NamingStrategy {
  /** The column of a property. */
  column(property: string): string;
  /** The foreign key column of a to-one relation, for one column of the target's key. */
  foreignKey(property: string, keyColumn: string): string;
  /** A column of an embedded value, for the column's own name; as {@link foreignKey} where it is not said. */
  embedded?(property: string, column: string): string;
  /** The link table of a many-to-many relation. */
  linkTable(table: string, property: string): string;
  /** A link table's column, for one column of the key of one of its ends. */
  linkColumn(table: string, keyColumn: string): string;
}

/** `createdAt` becomes `created_at`, `author` with the key `id` becomes `author_id`; the default. */
export const snakeCase: NamingStrategy = {
  column: toSnakeCase,
  foreignKey: (property, keyColumn) => `${toSnakeCase(property)}_${keyColumn}`,
  linkTable: (table, property) => `${table}_${toSnakeCase(property)}`,
  linkColumn: (table, keyColumn) => `${table}_${keyColumn}`,
};

/** Database names are the property names: `createdAt`, and `authorId` for the foreign key of `author`. */
export const asWritten: NamingStrategy = {
  column: (property) => property,
  foreignKey: (property, keyColumn) => property + keyColumn.slice(0, 1).toUpperCase() + keyColumn.slice(1),
  linkTable: (table, property) => `${table}_${property}`,
  linkColumn: (table, keyColumn) => `${table}_${keyColumn}`,
};

// `HTMLBody` is two words and `userID` too: a capital begins a word after a small letter, or before one.
function toSnakeCase(property: string): string {
  return property
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase();
}
