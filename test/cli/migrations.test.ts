import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Application, openApplication } from './command.ts';

const config = (entities: string, more = ''): string => `
import { Entity, integer, manyToOne, text } from 'meshestra';
import { defineConfig } from 'meshestra/cli';
import { betterSqlite3 } from 'meshestra/better-sqlite3';
${entities}
export default defineConfig({
  driver: () => betterSqlite3({ path: 'app.db' }),
  entities: [Author, Post],
  database: { file: 'app.db' },
  ${more}
});
`;

const FIRST = `
class Author extends Entity('authors', { id: integer().primaryKey().generated(), name: text() }) {}
class Post extends Entity('posts', { id: integer().primaryKey().generated(), title: text() }) {
  author = manyToOne(() => Author, { onDelete: 'cascade' });
}`;
const SECOND = FIRST.replace('title: text()', 'headline: text(), slug: text()');
const SEED = `seed: async (db) => {
    const em = db.em();
    em.create(Post, { title: 'One', author: em.create(Author, { name: 'Ada' }) });
    await em.flush();
  },`;

async function result(app: Application, ...args: readonly string[]): Promise<{ code: number | null; value: unknown }> {
  const { code, stdout } = await app.run(...args, '--json');
  return { code, value: JSON.parse(stdout) };
}

it('are written, applied, checked and taken back', async () => {
  await using app = await openApplication(config(FIRST, SEED));
  const written = await app.run('migration:generate', 'First tables');
  expect([written.code, written.stdout]).toEqual([0, expect.stringContaining('create table posts')]);
  expect((await app.run('migration:check')).code).toBe(3);
  expect((await app.run('db:seed')).stderr).toContain('not applied yet');
  const planned = await app.run('migration:run', '--dry-run');
  expect(planned.stdout).toContain('CREATE TABLE "posts"');
  const applied = await app.run('migration:run');
  expect([applied.code, applied.stdout]).toEqual([0, expect.stringMatching(/applied \d{14} First tables/)]);
  expect(applied.stderr).toContain('1/3');
  expect((await app.run('migration:run')).stdout).toContain('Nothing to apply');
  const [, version = ''] = /applied (\d{14})/.exec(applied.stdout) ?? [];
  const resolved = await app.run('migration:resolve', version, 'applied');
  expect([resolved.code, resolved.stderr]).toEqual([1, expect.stringContaining('there is nothing to resolve')]);
  expect((await app.run('migration:resolve', version, 'perhaps')).code).toBe(2);
  // From another folder the database is the same one.
  expect((await app.runIn('migrations', 'migration:check', '-c', '../meshestra.config.ts')).code).toBe(0);
  expect((await app.run('migration:check')).code).toBe(0);
  expect((await app.run('migration:generate', 'again')).stdout).toContain('nothing to write');
  expect((await app.run('db:seed')).code).toBe(0);

  const refused = await app.run('migration:revert', '--yes');
  expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining('drop table posts')]);
  expect((await result(app, 'migration:status')).value).toMatchObject({ isCurrent: true });
  const reverted = await app.run('migration:revert', '--yes', '--allow-loss');
  expect([reverted.code, reverted.stdout]).toEqual([0, expect.stringContaining('taken back')]);
  expect((await result(app, 'migration:status')).value).toMatchObject({ migrations: [{ state: 'pending' }] });
});

it('of what was renamed are never guessed, and keep the rows', async () => {
  await using app = await openApplication(config(FIRST, SEED));
  await app.run('migration:generate', 'first');
  await app.run('migration:run');
  await app.run('db:seed');
  await app.write('meshestra.config.ts', config(SECOND));

  const refused = await app.run('migration:generate', 'second');
  expect([refused.code, refused.stderr]).toEqual([4, expect.stringContaining('--rename-column posts.title=headline')]);
  const difference = await app.run('schema:diff', '--check');
  expect([difference.code, difference.stdout]).toEqual([3, expect.stringContaining('headline may be one of title')]);
  const answers = ['--rename-column', 'posts.title=headline', '--fill', 'posts.slug=lower(headline)'];
  const { value } = await result(app, 'migration:generate', 'second', ...answers);
  expect(value).toMatchObject({
    changes: ['alter posts: rename column title to headline', 'alter posts: add column slug TEXT NOT NULL'],
  });
  expect((await app.run('migration:run')).code).toBe(0);
  expect((await app.run('migration:check')).code).toBe(0);
  expect((await result(app, 'schema:inspect')).value).toMatchObject({ unmanaged: [] });
  // The way back drops what has values by now.
  expect((await app.run('migration:revert', '--yes')).code).toBe(4);
  expect((await app.run('migration:revert', '--yes', '--allow-loss')).code).toBe(0);
});

it('ask at a terminal what was renamed', async () => {
  await using app = await openApplication(config(FIRST, SEED));
  await app.run('migration:generate', 'first');
  await app.run('migration:run');
  await app.run('db:seed');
  await app.write('meshestra.config.ts', config(SECOND.replace(', slug: text()', '')));
  const asked = await app.type(['\r'], 'migration:generate', 'second');
  expect([asked.code, asked.stdout]).toEqual([0, expect.stringContaining('it was title')]);
  expect(asked.stdout).toContain('rename column title to headline');
  const declined = await app.type(['n\r'], 'migration:revert');
  expect([declined.code, declined.stdout]).toEqual([4, expect.stringContaining('Take back')]);
  const left = await app.type(['\u0003'], 'migration:revert');
  expect(left.code).toBe(4);
});

it('are plain SQL for those who prefer it, and the index repeats them for bundlers', async () => {
  await using app = await openApplication(config(FIRST, `${SEED} migrations: { folder: 'db', format: 'sql' },`));
  await app.run('migration:generate', 'first');
  const files = (await readdir(join(app.folder, 'db'))).sort();
  expect(files).toEqual([
    expect.stringMatching(/^\d{14}-first\.sqlite\.down\.sql$/),
    expect.stringMatching(/^\d{14}-first\.sqlite\.up\.sql$/),
    'index.ts',
  ]);
  expect(await readFile(join(app.folder, 'db', files[1] as string), 'utf8')).toContain(
    '-- next statement\nCREATE TABLE',
  );
  expect((await app.run('migration:run')).code).toBe(0);
  expect(await readFile(join(app.folder, 'db/index.ts'), 'utf8')).toContain('CREATE TABLE "posts"');
  await app.run('db:seed');
  expect((await app.run('migration:revert', '--yes')).code).toBe(4);
  expect((await app.run('migration:revert', '--yes', '--allow-loss')).code).toBe(0);
  const index = join(app.folder, 'db/index.ts');
  expect(await readFile(index, 'utf8')).toContain("kind: 'loss'");
});

it('are written empty for those who write by hand', async () => {
  await using app = await openApplication(config(FIRST));
  const { value } = await result(app, 'migration:create', 'move Ümläute ../../x');
  expect(value).toMatchObject({ files: [expect.stringMatching(/\/migrations\/\d{14}-move-umlaute-x\.ts$/)] });
  expect((await app.run('migration:create', '../..')).code).toBe(2);
  expect((await result(app, 'migration:status')).value).toMatchObject({ migrations: [{ state: 'pending' }] });
});

it('of a database from before there were any are said to be there', async () => {
  await using app = await openApplication(config(FIRST, SEED));
  await app.run('migration:generate', 'first');
  expect((await app.run('migration:baseline')).code).toBe(4);
  const said = await app.run('migration:baseline', '--yes');
  expect([said.code, said.stdout]).toEqual([0, expect.stringContaining('first')]);
  expect((await result(app, 'migration:status')).value).toMatchObject({ isCurrent: true });
  // What was said is compared by whoever wants to know.
  expect((await app.run('migration:check')).code).toBe(3);
});
