import { expect } from 'vitest';
import { createPersistence, type Driver, type Persistence, sql } from '../../../src/index.ts';
import { assertCurrent, createMigrator, type Migration, refuseNewer } from '../../../src/migration/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { hasTable, ledgerOf, migration, refused, rowsOf, Setting, three } from './fixture.ts';

const [first, second, third] = three as [Migration, Migration, Migration];

/** Runs work, and checks that nothing was written. */
async function untouched(db: Persistence, work: () => Promise<void>): Promise<void> {
  const before = await ledgerOf(db);
  const written: string[] = [];
  const stop = db.on('statement', ({ sql: text }) => {
    if (!/^\s*SELECT/i.test(text)) written.push(text);
  });
  await work();
  stop();
  expect(written).toEqual([]);
  expect(await ledgerOf(db)).toEqual(before);
}

/** The same database, as another program sees it; it ends with the first. */
async function over(driver: Driver): Promise<Persistence> {
  return createPersistence({ driver, entities: [Setting] });
}

/** Each has a defined outcome, and none of them runs silently. */
export const refusing: Laws = {
  'an edited, renamed or missing migration is refused by name before any statement': async (subject) => {
    await using db = await subject.open([Setting]);
    await createMigrator(db, [first, second]).up();
    const edited = { ...second, up: { steps: [...(second.up as { steps: string[] }).steps, 'DELETE FROM m_second'] } };
    await untouched(db, async () => {
      for (const [list, problem, names] of [
        [[first, edited, third], 'edited', '2 "rows"'],
        [[first, { ...second, name: 'other rows' }, third], 'renamed', '"other rows"'],
        [[second, third], 'missing', '1 "tables"'],
      ] as const) {
        for (const work of ['up', 'down'] as const) {
          expect((await refused(() => createMigrator(db, list)[work](), problem)).message).toContain(names);
        }
        const { migrations, isCurrent } = await createMigrator(db, list).status();
        expect(isCurrent).toBe(false);
        expect(migrations.flatMap((one) => one.problem?.kind ?? [])).toEqual([problem]);
        await refused(() => assertCurrent(db, list), problem);
      }
    });
    await createMigrator(db, three).up();
  },
  'line endings, a byte order mark and blanks at line ends are no edit': async (subject) => {
    await using db = await subject.open([Setting]);
    const text = (eol: string) => `CREATE TABLE m_first (${eol}  id INTEGER PRIMARY KEY${eol})`;
    await createMigrator(db, [migration('1', 'a', [text('\n')])]).up();
    for (const same of [text('\r\n'), `\uFEFF${text('\n')}`, `${text('  \n')}\n\n`]) {
      expect(await createMigrator(db, [migration('1', 'a', [same])]).up()).toEqual([]);
    }
    await refused(() => createMigrator(db, [migration('1', 'a', [text(' ')])]).up(), 'edited');
  },
  'a database of a newer program is refused, and so is one that is behind': async (subject) => {
    await using db = await subject.open([Setting]);
    await refused(() => assertCurrent(db, three), 'behind');
    await createMigrator(db, three).up();
    await assertCurrent(db, three);
    const older = [first, second];
    await untouched(db, async () => {
      expect((await refused(() => createMigrator(db, older).up(), 'newer')).version).toBe('10');
      await refused(() => createMigrator(db, older).down(), 'newer');
      await refused(() => assertCurrent(db, older), 'newer');
      expect((await createMigrator(db, older).status()).migrations.at(-1)).toMatchObject({
        version: '10',
        name: 'a column',
        state: 'unknown',
      });
    });
  },
  'an older version that comes late is refused by name, or allowed by name': async (subject) => {
    await using db = await subject.open([Setting]);
    await createMigrator(db, [first, third]).up();
    const migrator = createMigrator(db, three);
    await untouched(db, async () => {
      const error = await refused(() => migrator.up(), 'out-of-order');
      expect(error.message).toContain('2 "rows"');
    });
    const outcomes = await createMigrator(db, three, { allowOutOfOrder: true }).up();
    expect(outcomes.map(({ version }) => version)).toEqual(['2']);
    expect((await migrator.status()).isCurrent).toBe(true);
  },
  'a list that cannot be right is refused before the database is asked': async (subject) => {
    await using db = await subject.open([Setting]);
    const asked: string[] = [];
    db.on('statement', ({ sql: text }) => asked.push(text));
    const one = (version: string, name = 'a') => createMigrator(db, [migration(version, name, ['SELECT 1'])]);
    for (const version of ['', '../../x', "a'; drop", 'a/b', 'x'.repeat(300), '😀', 'a..b', '.a', 'ä']) {
      await refused(() => one(version), 'bad-version');
    }
    for (const name of ['', '../../x', "a'; drop", 'x'.repeat(300), '😀', '\u0000']) {
      await refused(() => one('1', name), 'bad-name');
    }
    await refused(() => createMigrator(db, [first, migration('1', 'b', ['SELECT 1'])]), 'duplicate');
    await refused(() => createMigrator(db, [first, migration('01', 'b', ['SELECT 1'])]), 'duplicate');
    await refused(() => createMigrator(db, [{ ...first, up: { 'no such dialect': { steps: [] } } }]), 'no-steps');
    expect(asked).toEqual([]);
    const both = { [db.dialect.name]: { steps: ['SELECT 1'] }, 'no such dialect': { steps: [] } };
    expect(await createMigrator(db, [{ ...first, up: both, down: null }]).up()).toHaveLength(1);
  },
  'what has no way down is refused before anything is taken back': async (subject) => {
    await using db = await subject.open([Setting]);
    const list = [first, { ...second, down: null }, third];
    const migrator = createMigrator(db, list);
    await migrator.up();
    await untouched(db, async () => {
      expect((await refused(() => migrator.down({ to: null }), 'irreversible')).message).toContain('2 "rows"');
    });
    expect(await migrator.down()).toHaveLength(1);
  },
  'rows that would be lost, or for which something does not hold, are counted first': async (subject) => {
    await using db = await subject.open([Setting]);
    const drop = (kind: 'loss' | 'violation'): Migration => ({
      ...migration('3', 'no second', ['DROP TABLE m_second', 'DELETE FROM m_first']),
      up: {
        steps: ['DROP TABLE m_second', 'DELETE FROM m_first'],
        atStake: [
          { kind: 'loss', what: 'drop nothing', count: 'SELECT COUNT(*) FROM m_second WHERE id > 99', sample: null },
          {
            kind,
            what: 'drop table m_second',
            count: 'SELECT COUNT(*) FROM m_second',
            sample: 'SELECT id FROM m_second ORDER BY id',
          },
        ],
      },
    });
    await createMigrator(db, [first, second]).up();
    const list = (kind: 'loss' | 'violation') => [first, second, drop(kind)];
    await untouched(db, async () => undefined);
    for (const [kind, options] of [
      ['loss', {}],
      ['loss', { allowLoss: ['2'] }],
      ['violation', {}],
      ['violation', { allowLoss: true }],
    ] as const) {
      const error = await refused(() => createMigrator(db, list(kind), options).up(), 'rows-at-stake');
      expect(error.message).toMatch(/drop table m_second .* 3 rows: 1, 2, 3/);
      expect(error.message).not.toContain('drop nothing');
      expect(await rowsOf(db, sql`SELECT COUNT(*) FROM m_first`)).toEqual([[3]]);
      expect(await hasTable(db, 'm_second')).toBe(true);
      expect(await ledgerOf(db)).toHaveLength(2);
    }
    await createMigrator(db, list('loss'), { allowLoss: ['3'] }).up();
    expect(await hasTable(db, 'm_second')).toBe(false);
  },
  'older code that is open still reads, and refuses to write once a newer program has migrated': {
    requires: ({ interactive }) => interactive !== 'none',
    async check(subject) {
      let inner: Driver | undefined;
      await using db = await subject.open([Setting], (driver) => {
        inner = driver;
        return refuseNewer(driver, [first, second]);
      });
      if (inner === undefined) throw new Error('no driver');
      await createMigrator(db, [first]).up();
      await createMigrator(db, [first, second]).up();
      const em = db.em();
      const setting = em.create(Setting, { id: 1, value: 'old' });
      await em.flush();
      await createMigrator(await over(inner), three).up();
      setting.value = 'new';
      await refused(() => em.flush(), 'newer');
      await refused(() => db.em().execute(sql`DELETE FROM settings`), 'newer');
      await refused(() => db.em().execute(sql`DELETE FROM settings`, { writes: ['settings'] }), 'newer');
      await refused(() => createMigrator(db, [first, second]).up(), 'newer');
      expect((await db.em().find(Setting)).map(({ value }) => value)).toEqual(['old']);
      expect(setting.value).toBe('new');
    },
  },
  'a signal that has fired ends it before anything is done': async (subject) => {
    await using db = await subject.open([Setting]);
    await expectCode(() => createMigrator(db, three, { signal: AbortSignal.abort() }).up(), 'aborted');
    expect(await hasTable(db, 'm_first')).toBe(false);
    expect(await createMigrator(db, three).up()).toHaveLength(3);
  },
};
