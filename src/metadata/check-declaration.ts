import { COLUMN, type Columns } from '../codec/column.ts';
import { ConfigurationError } from '../errors.ts';
import type { EntityDeclaration } from './entity-declaration.ts';
import { misdeclared } from './entity-error.ts';

// Names that would reach a prototype, change JSON, or make the entity a thenable.
const REFUSED = new Set(['__proto__', 'constructor', 'prototype', 'toJSON', 'then']);

/** Refuses a declaration that cannot work, at the place where it is written. Throws `configuration`. */
export function checkDeclaration(declaration: EntityDeclaration): void {
  const { table, columns } = declaration;
  if (typeof table !== 'string' || table === '') throw new ConfigurationError('Entity(): the table name is missing');
  checkColumns(table, columns);
}

/** Refuses properties that cannot be columns. Throws `configuration`. */
export function checkColumns(table: string, columns: Columns): void {
  for (const property of Object.getOwnPropertyNames(columns)) {
    if (REFUSED.has(property)) {
      throw misdeclared(table, property, `this property name is refused; use another one and .column('${property}')`);
    }
    if (columns[property]?.[COLUMN] === undefined) {
      throw misdeclared(table, property, 'not a column; use a builder such as text()');
    }
  }
}
