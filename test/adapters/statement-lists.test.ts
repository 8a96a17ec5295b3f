import { describe, expect, it } from 'vitest';
import { mysql2 } from '../../adapters/mysql2/index.ts';
import { pg } from '../../adapters/pg/index.ts';
import { sqljs } from '../../adapters/sqljs/index.ts';
import { createPersistence, type Driver, type EntityClass } from '../../src/index.ts';
import { createSchema } from '../../src/schema/index.ts';
import { watchStatements, writing } from '../conformance/statements.ts';
import { batchOnly } from '../support/batch-only.ts';
import { engineTitle, findEngine } from '../support/engines/find-engine.ts';
import { createScratchDatabase } from '../support/engines/scratch-database.ts';
import { type Shape, shapes } from './statement-lists/shapes.ts';

/** A key that a statement before it made, by the variable that keeps the first one. */
const KEY = String.raw`@meshestra_\d+_\d+(?: \+ \d+ \* @@auto_increment_increment)?`;

/** A list in brackets of parameters and such keys only, which is repeated for each row. */
const ROW = new RegExp(
  String.raw`(?:ROW)?\((?:\?|${KEY}|\$\d+|CAST\((?:\?|\$\d+) AS \w+\)|(?:\$\d+)(?:::[\w[\]]+)?)(?:, (?:\?|${KEY}|\$\d+|NULL)(?:::[\w[\]]+)?)*\)`,
  'g',
);

/** A statement as it is written down: rows that repeat are counted. */
function shorten(sql: string): string {
  const rows = sql.match(ROW) ?? [];
  const [first, ...others] = rows;
  if (first === undefined || others.length < 3) return sql;
  const repeated = new RegExp(`(?:, ${ROW.source}){3,}`);
  return sql.replace(repeated, (found) => `, … ${found.match(ROW)?.length} more rows`);
}

/** What the flush of a shape sends, on a database of its own. */
async function listStatements(shape: Shape, driver: Driver): Promise<readonly string[]> {
  const db = await createPersistence({ driver, entities: shape.entities as readonly EntityClass[] });
  try {
    await createSchema(db);
    if (shape.prepare !== undefined) {
      const before = db.em();
      shape.prepare(before);
      await before.flush();
    }
    const em = db.em();
    await shape.edit(em);
    const statements = watchStatements(db);
    await em.flush();
    const sent = [...statements.texts];
    statements.reset();
    await em.flush();
    expect(statements.texts, 'a second flush sends nothing').toEqual([]);
    return sent;
  } finally {
    await db.close();
  }
}

type Dialect = keyof NonNullable<Shape['most']>;

/** Compares every list with the file of the dialect: `vitest -u` writes it anew, for somebody to read. */
function compareLists(
  file: string,
  dialect: Dialect,
  withDriver: <R>(use: (driver: Driver) => Promise<R>) => Promise<R>,
) {
  it(`is what ${file} says`, async () => {
    const sections: string[] = [];
    for (const [title, shape] of Object.entries(shapes)) {
      const sent = await withDriver((driver) => listStatements(shape, driver));
      if (shape.most !== undefined) expect(writing(sent).length, title).toBeLessThanOrEqual(shape.most[dialect]);
      sections.push([`-- ${title}`, ...sent.map((sql) => `${shorten(sql)};`)].join('\n'));
    }
    await expect(`${sections.join('\n\n')}\n`).toMatchFileSnapshot(`statement-lists/${file}`);
  });
}

const postgres = await findEngine('postgres');
const mysql = await findEngine('mysql');

/** Runs over a database of its own on a server. */
async function onServer<R>(
  kind: 'postgres' | 'mysql',
  engine: typeof postgres,
  use: (url: string) => Promise<R>,
): Promise<R> {
  const database = await createScratchDatabase(kind, engine);
  try {
    return await use(database.url);
  } finally {
    await database.drop();
  }
}

describe('the exact statements of a flush', () => {
  compareLists('sqlite.sql', 'sqlite', (use) => use(sqljs()));
  compareLists('sqlite-batch.sql', 'sqlite', (use) => use(batchOnly(sqljs())));
});

describe.skipIf(postgres.missing !== undefined)(engineTitle('the exact statements of a flush', postgres), () => {
  compareLists('postgres.sql', 'postgres', (use) => onServer('postgres', postgres, (url) => use(pg(url))));
  compareLists('postgres-batch.sql', 'postgres', (use) =>
    onServer('postgres', postgres, (url) => use(batchOnly(pg(url)))),
  );
});

describe.skipIf(mysql.missing !== undefined)(engineTitle('the exact statements of a flush', mysql), () => {
  compareLists('mysql.sql', 'mysql', (use) => onServer('mysql', mysql, (url) => use(mysql2(url))));
  compareLists('mysql-batch.sql', 'mysql', (use) =>
    onServer('mysql', mysql, (url) => use(mysql2({ url, pipeline: true }))),
  );
});
