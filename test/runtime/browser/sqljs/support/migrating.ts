/** The test page with an application that migrates its database when it starts. */
import './page.ts';
import { indexedDb, sqljs } from '../../../../../adapters/sqljs/index.ts';
import { createPersistence, Entity, integer, type Persistence, sql, text } from '../../../../../src/index.ts';
import { createMigrator, defineMigration, type Migration, refuseNewer } from '../../../../../src/migration/index.ts';

class Note extends Entity('notes', { id: integer().primaryKey().generated(), body: text() }) {}

const up = (version: string, steps: Migration['up']): Migration =>
  defineMigration({ version, name: 'step', up: steps, down: null });

/** Each leaves another result where it runs twice. The last builds a table anew that others refer to. */
const migrations: readonly Migration[] = [
  up('1', {
    steps: [
      'CREATE TABLE "notes" ("id" INTEGER PRIMARY KEY, "body" TEXT NOT NULL) STRICT',
      'CREATE TABLE "tags" ("note_id" INTEGER NOT NULL REFERENCES "notes" ("id") ON DELETE CASCADE, "tag" TEXT NOT NULL) STRICT',
    ],
  }),
  up('2', {
    steps: [
      `INSERT INTO "notes" ("body") SELECT 'note ' || COUNT(*) FROM "notes"`,
      async ({ execute }) => {
        const { rows } = await execute(sql`SELECT MAX("id") FROM "notes"`);
        await execute(sql`INSERT INTO "tags" VALUES (${Number(rows[0]?.[0])}, ${'tag'})`);
      },
    ],
  }),
  up('3', {
    steps: [
      {
        rebuild: 'notes',
        statements: [
          'CREATE TABLE "__meshestra_rows" AS SELECT * FROM "notes"',
          'DROP TABLE "notes"',
          `CREATE TABLE "notes" ("id" INTEGER PRIMARY KEY, "body" TEXT NOT NULL DEFAULT '') STRICT`,
          'INSERT INTO "notes" SELECT * FROM "__meshestra_rows"',
          'DROP TABLE "__meshestra_rows"',
        ],
      },
      `UPDATE "notes" SET "body" = "body" || '!'`,
    ],
  }),
];

/** The application as a test drives it. */
export interface MigratingApp {
  /** Opens the database with the code that knows so many of the migrations; gives what this tab applied. */
  start(name: string, options: StartOptions): Promise<readonly string[]>;
  /** What a write ends with: `none`, or the problem of the refusal. */
  write(body: string): Promise<string>;
  read(): Promise<{ readonly notes: readonly string[]; readonly tags: number; readonly versions: readonly string[] }>;
}

/** How a tab starts. */
export interface StartOptions {
  readonly known: number;
  readonly worker?: boolean;
  /** The step, of all migrations, at which the tab hangs for ever. */
  readonly hangAt?: number;
}

let db: Persistence | undefined;

function opened(): Persistence {
  if (db === undefined) throw new Error('not started');
  return db;
}

globalThis.migrating = {
  async start(name, { known, worker = false, hangAt = 0 }) {
    const list = migrations.slice(0, known);
    const storage = indexedDb(name);
    const driver = sqljs({ storage, durability: 'strict', ...(worker ? { worker: testPage.worker } : {}) });
    db = await createPersistence({ driver: refuseNewer(driver, list), entities: [Note] });
    let steps = 0;
    const onProgress = ({ kind }: { readonly kind: string }) => {
      if (kind === 'step') steps += 1;
      // The thread itself, as where a tab is killed.
      if (kind === 'step' && steps === hangAt) for (;;);
    };
    const outcomes = await createMigrator(db, list, { onProgress }).up();
    return outcomes.map(({ version }) => version);
  },
  async write(body) {
    const em = opened().em();
    em.create(Note, { body });
    return em.flush().then(
      () => 'none',
      (error: { readonly problem?: string }) => error.problem ?? String(error),
    );
  },
  async read() {
    const notes = await opened()
      .em()
      .find(Note, {}, { orderBy: { id: 'asc' } });
    const { rows } = await opened().em().execute(sql`SELECT COUNT(*) FROM "tags"`);
    const { migrations: all } = await createMigrator(opened(), []).status();
    return {
      notes: notes.map(({ body }) => body),
      tags: Number(rows[0]?.[0]),
      versions: all.map(({ version }) => version),
    };
  },
} satisfies MigratingApp;

declare global {
  var migrating: MigratingApp;
}
