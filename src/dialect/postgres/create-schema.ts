import { toHex } from '../../codec/hex.ts';
import type { SchemaStatement } from '../../compiler/dialect.ts';
import type { DatabaseForeignKey } from '../../schema/database-model.ts';
import type { SchemaModel } from '../../schema/schema-model.ts';
import { foreignKeyText } from '../constraint-text.ts';
import { quote, textLiteral } from './quote.ts';
import { describeTables } from './schema/describe-tables.ts';
import { indexText, tableText } from './schema/table-text.ts';

/** The key of the lock under which programs that start at once create their tables one after the other. */
const LOCK = "hashtextextended('meshestra schema', 0)";

/**
 * The statements that create what is not there yet, to be run in one transaction. A table that is there is left as it is,
 * whatever its columns: this never alters one.
 */
export function createSchema(schema: SchemaModel): readonly SchemaStatement[] {
  const { tables } = describeTables(schema);
  const created = new Set<string>();
  const late: LateKey[] = [];
  const statements = tables.flatMap((table) => {
    created.add(table.name);
    const inline = table.foreignKeys.filter(({ referencedTable }) => created.has(referencedTable));
    const circular = table.foreignKeys.filter((key) => !inline.includes(key));
    late.push(...circular.map((key) => ({ table: table.name, key })));
    return [
      ...(circular.length === 0 ? [] : [noteMissing(table.name)]),
      { table: table.name, sql: tableText('CREATE TABLE IF NOT EXISTS', table, inline) },
      ...table.indexes.map((index) => ({
        table: table.name,
        sql: indexText(quote(table.name), index, 'IF NOT EXISTS'),
      })),
    ];
  });
  const [first] = tables;
  if (first === undefined) return [];
  // IF NOT EXISTS does not help two that create the same table at the same moment.
  const lock = { table: first.name, sql: `SELECT pg_advisory_xact_lock(${LOCK})` };
  return [lock, ...statements, ...late.map(addForeignKey)];
}

/** A foreign key to a table that is created later than its own. */
interface LateKey {
  readonly table: string;
  readonly key: DatabaseForeignKey;
}

// A setting that ends with the transaction tells the end of it which tables it has created.
function noteMissing(table: string): SchemaStatement {
  const missing = `to_regclass(${textLiteral(quote(table))}) IS NULL`;
  return { table, sql: `SELECT set_config('${settingOf(table)}', (${missing})::text, true)` };
}

function addForeignKey({ table, key }: LateKey): SchemaStatement {
  const body =
    `BEGIN IF current_setting('${settingOf(table)}') = 'true' ` +
    `THEN ALTER TABLE ${quote(table)} ADD ${foreignKeyText(quote, key)}; END IF; END`;
  return { table, sql: `DO ${textLiteral(body)}` };
}

/** Any table's name, as the name of a setting. */
function settingOf(table: string): string {
  return `meshestra.missing_${toHex(new TextEncoder().encode(table))}`;
}
