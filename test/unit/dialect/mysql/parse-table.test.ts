import { describe, expect, it } from 'vitest';
import { parseTable } from '../../../../src/dialect/mysql/schema/parse-table.ts';
import { tableText } from '../../../../src/dialect/mysql/schema/table-text.ts';

// As MySQL 8 writes it, which differs from MariaDB in quotes of numbers, parentheses and version comments.
const MYSQL_8 = `CREATE TABLE \`t\` (
  \`id\` bigint NOT NULL AUTO_INCREMENT,
  \`name\` varchar(80) COLLATE utf8mb4_0900_bin NOT NULL DEFAULT 'it''s (a), \`b\`',
  \`legacy\` varchar(20) CHARACTER SET latin1 DEFAULT NULL,
  \`code\` char(36) COLLATE utf8mb4_0900_bin DEFAULT (uuid()),
  \`at\` datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  \`sum\` int unsigned GENERATED ALWAYS AS ((\`id\` + 1)) STORED COMMENT 'a ''b'' \\\\ c',
  \`shown\` varchar(10) COLLATE utf8mb4_0900_bin GENERATED ALWAYS AS (concat(_utf8mb4'it\\'s)',\`name\`)) VIRTUAL,
  \`hidden\` int DEFAULT '3' /*!80023 INVISIBLE */,
  \`place\` point NOT NULL /*!80003 SRID 4326 */,
  PRIMARY KEY (\`id\`),
  UNIQUE KEY \`u\` (\`name\`,\`id\`),
  UNIQUE KEY \`p\` (\`name\`(10)),
  KEY \`e\` ((lower(\`name\`)),\`id\` DESC) /*!80000 INVISIBLE */,
  SPATIAL KEY \`s\` (\`place\`),
  CONSTRAINT \`fk\` FOREIGN KEY (\`id\`) REFERENCES \`q\` (\`id\`) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT \`far\` FOREIGN KEY (\`id\`) REFERENCES \`other\`.\`q\` (\`id\`),
  CONSTRAINT \`c\` CHECK ((\`id\` > 0)),
  CONSTRAINT \`n\` CHECK ((\`id\` > 1)) /*!80016 NOT ENFORCED */
) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_bin COMMENT='it''s'`;

const parse = (sql: string) => parseTable('t', sql, new Map([['latin1', 'latin1_swedish_ci']]), []);

describe('The text of SHOW CREATE TABLE of MySQL 8', () => {
  it('is read with all that it says', () => {
    const { table, unfit } = parse(MYSQL_8);
    const columns = table.columns.map(({ name, type, nullable, default: filled, collation }) => [
      name,
      type,
      nullable,
      filled,
      collation,
    ]);
    expect(columns).toEqual([
      ['id', 'bigint', false, null, null],
      ['name', 'varchar(80)', false, "'it''s (a), `b`'", null],
      ['legacy', 'varchar(20)', true, null, 'latin1_swedish_ci'],
      ['code', 'char(36)', true, '(uuid())', null],
      ['at', 'datetime(3)', true, 'CURRENT_TIMESTAMP(3)', null],
      ['sum', 'int unsigned', true, null, null],
      ['shown', 'varchar(10)', true, null, null],
      ['hidden', 'int INVISIBLE', true, "'3'", null],
      ['place', 'point SRID 4326', false, null, null],
    ]);
    expect(table.columns[4]?.onUpdate).toBe('CURRENT_TIMESTAMP(3)');
    expect(table.columns[5]).toMatchObject({
      computed: { expression: '(`id` + 1)', stored: true },
      comment: "a 'b' \\ c",
    });
    expect(table.columns[6]?.computed).toEqual({ expression: "concat(_utf8mb4'it\\'s)',`name`)", stored: false });
    expect(table).toMatchObject({
      comment: "it's",
      options: ['ENGINE=InnoDB', 'DEFAULT CHARSET=utf8mb4', 'COLLATE=utf8mb4_0900_bin'],
      primaryKey: { columns: ['id'] },
      uniques: [{ name: 'u', columns: ['name', 'id'] }],
      checks: [{ name: 'c', expression: '(`id` > 0)' }],
      foreignKeys: [{ name: 'fk', onDelete: 'no action', onUpdate: 'cascade' }],
      indexes: [
        {
          name: 'e',
          options: ['INVISIBLE'],
          parts: [{ expression: 'lower(`name`)' }, { column: 'id', descending: true }],
        },
        { name: 'p', unique: true, parts: [{ column: 'name', prefix: 10 }] },
        { name: 's', method: 'SPATIAL' },
      ],
    });
    expect(unfit.map(({ kind, name }) => [kind, name])).toEqual([
      ['constraint', 't.far'],
      ['constraint', 't.n'],
    ]);
  });

  it('is written again with nothing lost', () => {
    const { table } = parse(MYSQL_8);
    const written = tableText('CREATE TABLE', table, table.foreignKeys);
    expect(written).toContain("`hidden` int INVISIBLE DEFAULT '3'");
    expect(written).toContain('INDEX `e` ((lower(`name`)), `id` DESC) INVISIBLE');
    expect(written).toContain("GENERATED ALWAYS AS ((`id` + 1)) STORED COMMENT 'a ''b'' \\\\ c'");
    expect(written).toContain('CONSTRAINT `u` UNIQUE (`name`, `id`)');
  });
});
