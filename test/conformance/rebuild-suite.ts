import { describe, expect } from 'vitest';
import { type Persistence, sql } from '../../src/index.ts';
import { createMigrator, defineMigration, type Migration, type TableRebuild } from '../../src/migration/index.ts';
import { type Laws, registerLaws } from './laws.ts';
import { ledgerOf, refused, rowsOf, Setting } from './migrations/fixture.ts';
import type { Subject } from './subject.ts';

const ACTIONS = ['CASCADE', 'SET NULL', 'SET DEFAULT', 'RESTRICT', 'NO ACTION'] as const;

const identifierOf = (action: string) => `child_${action.toLowerCase().replace(' ', '_')}`;

/** A parent that refers to itself, children by every action, each with a grandchild by CASCADE, and triggers that note writes. */
const schema: readonly string[] = [
  'CREATE TABLE "noted" ("what" TEXT NOT NULL) STRICT',
  'CREATE TABLE "parent" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "name" TEXT NOT NULL, "above" INTEGER REFERENCES "parent" ("id") ON DELETE CASCADE) STRICT',
  ...ACTIONS.flatMap((action) => {
    const child = identifierOf(action);
    return [
      `CREATE TABLE "${child}" ("id" INTEGER PRIMARY KEY, "parent_id" INTEGER DEFAULT 1 REFERENCES "parent" ("id") ON DELETE ${action}, "any" ANY, "twice" INTEGER AS ("id" * 2) STORED) STRICT`,
      `CREATE TABLE "${child}_child" ("id" INTEGER PRIMARY KEY, "child_id" INTEGER NOT NULL REFERENCES "${child}" ("id") ON DELETE CASCADE) STRICT`,
      `CREATE TRIGGER "${child}_gone" AFTER DELETE ON "${child}" BEGIN INSERT INTO "noted" VALUES ('gone'); END`,
      `CREATE TRIGGER "${child}_new" AFTER INSERT ON "${child}" BEGIN INSERT INTO "noted" VALUES ('new'); END`,
    ];
  }),
];

const rows: readonly string[] = [
  `INSERT INTO "parent" ("id", "name", "above") VALUES (1, 'a', NULL), (2, 'b', 1), (3, 'c', 2), (9, 'gone', NULL)`,
  'DELETE FROM "parent" WHERE "id" = 9',
  ...ACTIONS.flatMap((action) => {
    const child = identifierOf(action);
    return [
      `INSERT INTO "${child}" ("id", "parent_id", "any") VALUES (1, 2, '007'), (2, 3, x'0001'), (3, 3, 1.0), (4, NULL, NULL)`,
      `INSERT INTO "${child}_child" VALUES (1, 1), (2, 2), (3, 2)`,
    ];
  }),
  'DELETE FROM "noted"',
];

/** Puts the rows aside, drops the table and makes it anew. */
const aside = (table: string, columns: string, anew: string): TableRebuild => ({
  rebuild: table,
  statements: [
    `CREATE TABLE "__meshestra_rows" AS SELECT ${columns} FROM "${table}"`,
    `DROP TABLE "${table}"`,
    anew,
    `INSERT INTO "${table}" (${columns}) SELECT ${columns} FROM "__meshestra_rows"`,
    'DROP TABLE "__meshestra_rows"',
  ],
});

/** The twelve steps of SQLite's manual: a new table takes the rows, and then the name. */
const renamed = (table: string, columns: string, anew: string): TableRebuild => ({
  rebuild: table,
  statements: [
    anew.replace(`CREATE TABLE "${table}"`, `CREATE TABLE "new_${table}"`),
    `INSERT INTO "new_${table}" (${columns}) SELECT ${columns} FROM "${table}"`,
    `DROP TABLE "${table}"`,
    `ALTER TABLE "new_${table}" RENAME TO "${table}"`,
  ],
});

const PARENT =
  'CREATE TABLE "parent" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "name" TEXT NOT NULL DEFAULT \'new\', "above" INTEGER REFERENCES "parent" ("id") ON DELETE CASCADE) STRICT';
const CHILD =
  'CREATE TABLE "child_cascade" ("id" INTEGER PRIMARY KEY, "parent_id" INTEGER DEFAULT 2 REFERENCES "parent" ("id") ON DELETE CASCADE, "any" ANY, "twice" INTEGER AS ("id" * 2) STORED) STRICT';

const parentBy = (form: typeof aside) => form('parent', '"id", "name", "above"', PARENT);
const childBy = (form: typeof aside): TableRebuild => {
  const { rebuild, statements } = form('child_cascade', '"id", "parent_id", "any"', CHILD);
  return { rebuild, statements: [...statements, ...schema.filter((text) => /TRIGGER "child_cascade_/.test(text))] };
};

const migrationOf = (version: string, steps: Migration['up']): Migration =>
  defineMigration({ version, name: 'rebuild', up: steps, down: null });

const before: Migration = migrationOf('1', { steps: [...schema, ...rows] });

/** Every row of every table, with the types of what has no type. */
async function everything(db: Persistence): Promise<unknown> {
  const all: unknown[] = [
    await rowsOf(db, sql`SELECT * FROM "parent" ORDER BY "id"`),
    await rowsOf(db, sql`SELECT * FROM "noted"`),
  ];
  for (const action of ACTIONS) {
    const [child, grandchild] = [table(identifierOf(action)), table(`${identifierOf(action)}_child`)];
    all.push(
      action,
      await rowsOf(db, sql`SELECT "id", "parent_id", quote("any"), typeof("any"), "twice" FROM ${child} ORDER BY "id"`),
      await rowsOf(db, sql`SELECT * FROM ${grandchild} ORDER BY "id"`),
    );
  }
  return all;
}

const table = (name: string) => (name === '' ? sql`""` : (TABLES.get(name) ?? sql`"nowhere"`));

const TABLES: ReadonlyMap<string, ReturnType<typeof sql>> = new Map([
  ['child_cascade', sql`"child_cascade"`],
  ['child_set_null', sql`"child_set_null"`],
  ['child_set_default', sql`"child_set_default"`],
  ['child_restrict', sql`"child_restrict"`],
  ['child_no_action', sql`"child_no_action"`],
  ['child_cascade_child', sql`"child_cascade_child"`],
  ['child_set_null_child', sql`"child_set_null_child"`],
  ['child_set_default_child', sql`"child_set_default_child"`],
  ['child_restrict_child', sql`"child_restrict_child"`],
  ['child_no_action_child', sql`"child_no_action_child"`],
]);

async function expectKeysOn(db: Persistence): Promise<void> {
  await db.em().execute(sql`DELETE FROM "child_restrict" WHERE "parent_id" = 3`);
  await db.em().execute(sql`DELETE FROM "child_no_action" WHERE "parent_id" = 3`);
  await db.em().execute(sql`DELETE FROM "noted"`);
  await db.em().execute(sql`DELETE FROM "parent" WHERE "id" = 3`);
  expect(await rowsOf(db, sql`SELECT "id" FROM "child_cascade" ORDER BY "id"`)).toEqual([[1], [4]]);
  expect(await rowsOf(db, sql`SELECT "id" FROM "child_cascade_child" ORDER BY "id"`)).toEqual([[1]]);
  expect(await rowsOf(db, sql`SELECT COUNT(*) FROM "noted"`)).toEqual([[2]]);
}

const forms = { 'put aside': aside, 'copied to a new table': renamed } as const;

const survival: Laws = Object.fromEntries(
  Object.entries(forms).flatMap(([how, form]) =>
    Object.entries({
      'a parent': [parentBy(form)],
      'a parent, then its child': [parentBy(form), childBy(form)],
      'a child, then its parent': [childBy(form), parentBy(form)],
      'a parent twice, in one migration': [parentBy(form), parentBy(form)],
      'a parent after a column was added to a grandchild': [
        'ALTER TABLE "child_cascade_child" ADD COLUMN "more" INTEGER',
        parentBy(form),
        'ALTER TABLE "child_cascade_child" DROP COLUMN "more"',
      ],
    }).map(([what, steps]) => [
      `${what} built anew, its rows ${how}, loses no row of whoever refers to it`,
      async (subject: Subject) => {
        await using db = await subject.open([Setting]);
        await createMigrator(db, [before]).up();
        const old = await everything(db);
        await createMigrator(db, [before, migrationOf('2', { steps })]).up();
        expect(await everything(db)).toEqual(old);
        await expectKeysOn(db);
        if (how === 'put aside') return;
        expect(await rowsOf(db, sql`SELECT COUNT(*) FROM sqlite_schema WHERE name LIKE '%__meshestra_aside%'`)).toEqual(
          [[0]],
        );
      },
    ]),
  ),
);

const failure: Laws = {
  'rows that refer to nothing after a rebuild undo all of it': async (subject) => {
    await using db = await subject.open([Setting]);
    await createMigrator(db, [before]).up();
    const old = await everything(db);
    const { rebuild, statements } = parentBy(aside);
    const losing = { rebuild, statements: [...statements, 'DELETE FROM "__meshestra_rows"'] };
    for (const steps of [
      [losing],
      [{ rebuild, statements: statements.map((text) => text.replace(/(SELECT .*rows")$/, '$1 WHERE "id" < 3')) }],
    ]) {
      const error = await refused(() => createMigrator(db, [before, migrationOf('2', { steps })]).up(), 'failed');
      expect(error.outcome).toBe('rolled-back');
      expect(await everything(db)).toEqual(old);
      expect(await ledgerOf(db)).toHaveLength(1);
    }
    await expectKeysOn(db);
  },
};

/** Tables that are built anew, where foreign keys can be off and where they cannot. For drivers of SQLite. */
export function rebuildSuite(subject: Subject): void {
  describe(`${subject.name}: rebuilds`, () => {
    registerLaws(subject, 'rebuilds', { ...survival, ...failure });
  });
}
