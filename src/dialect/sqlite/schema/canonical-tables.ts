import type { DatabaseModel, DatabaseTable } from '../../../schema/database-model.ts';
import { byName } from '../../by-name.ts';
import { parseType } from './parse-table.ts';
import { canonicalExpression } from './sql-tokens.ts';
import { TokenReader } from './token-reader.ts';

/** A model as it is read back: SQLite keeps the text of what was created, so that only blanks and comments differ. */
export function canonicalTables({ tables, unmanaged }: DatabaseModel): DatabaseModel {
  return { tables: byName(tables.map(canonicalTable)), unmanaged };
}

function canonicalTable(table: DatabaseTable): DatabaseTable {
  return {
    ...table,
    columns: table.columns.map((column) => ({
      ...column,
      type: parseType(new TokenReader(column.type)),
      default: maybe(column.default),
      computed: column.computed && { ...column.computed, expression: canonicalExpression(column.computed.expression) },
    })),
    checks: table.checks.map((check) => ({ ...check, expression: canonicalExpression(check.expression) })),
    indexes: table.indexes.map((index) => ({
      ...index,
      parts: index.parts.map((part) => ({ ...part, expression: maybe(part.expression) })),
      where: maybe(index.where),
    })),
  };
}

function maybe(expression: string | null): string | null {
  return expression === null ? null : canonicalExpression(expression);
}
