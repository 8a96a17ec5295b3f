import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { type Application, openApplication } from '../command.ts';

const config = (imports: string, entities: string): string => `
import { defineConfig } from 'meshestra/cli';
import { betterSqlite3 } from 'meshestra/better-sqlite3';
${imports}
export default defineConfig({ driver: () => betterSqlite3({ path: 'app.db' }), entities: ${entities} });
`;

const TABLES = `
  CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE posts (
    id INTEGER PRIMARY KEY, title VARCHAR(80), author_id INTEGER NOT NULL REFERENCES authors ON DELETE CASCADE
  );
  CREATE TABLE log (text TEXT);
`;

async function openFilled(): Promise<Application> {
  const app = await openApplication(config('', '[]'));
  const database = new Database(join(app.folder, 'app.db'));
  database.exec(TABLES);
  database.close();
  return app;
}

it.each([[], ['--decorators']])(
  'writes a file of entities that differ in nothing from the database %s',
  async (...form) => {
    await using app = await openFilled();
    const written = await app.run('entities:generate', '--output', 'src/entities.ts', ...form);
    expect(written).toMatchObject({ code: 0, stderr: '' });
    expect(written.stdout).toContain(
      'wrote src/entities.ts: 2 entities\n  log: no entity: the table has no primary key\n',
    );
    await app.write('meshestra.config.ts', config(`import { entities } from './src/entities.ts';`, 'entities'));
    const compared = await app.run('schema:diff', '--check');
    expect(compared).toMatchObject({ code: 0, stdout: 'The database has what the entities want.\n' });
    await app.write(
      'src/entities.ts',
      (await readFile(join(app.folder, 'src/entities.ts'), 'utf8')).replace(
        "sqlType: 'VARCHAR(80)'",
        "sqlType: 'VARCHAR(81)'",
      ),
    );
    const changed = await app.run('schema:diff', '--check');
    expect(changed).toMatchObject({ code: 3, stdout: expect.stringContaining('type VARCHAR(80) -> VARCHAR(81)') });
  },
);

it('writes to standard output, or describes in JSON, only the tables that are named', async () => {
  await using app = await openFilled();
  const shown = await app.run('entities:generate', '--table', 'posts');
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain('// - posts: no relation for author_id: authors was not asked for\n');
  expect(shown.stdout).toContain('authorId: integer()');
  expect(shown.stdout).not.toContain("authors',");
  const described = JSON.parse(
    (await app.run('entities:generate', '--json', '--table', 'posts', '--table', 'authors')).stdout,
  );
  expect(described).toMatchObject({
    file: null,
    notes: [],
    differences: [],
    source: expect.stringContaining('author = manyToOne(() => Authors'),
    entities: [
      { className: 'Authors' },
      { className: 'Posts', relations: [{ property: 'author', target: 'authors' }] },
    ],
  });
});

it('refuses a table that is not there, and to write over a file unless it is allowed', async () => {
  await using app = await openFilled();
  const missing = await app.run('entities:generate', '--table', 'nothing');
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain("The database has no table 'nothing'");
  await app.write('mine.ts', 'precious');
  const refused = await app.run('entities:generate', '-o', 'mine.ts');
  expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining('write over it with --yes') });
  expect(await readFile(join(app.folder, 'mine.ts'), 'utf8')).toBe('precious');
  expect((await app.run('entities:generate', '-o', 'mine.ts', '--yes')).code).toBe(0);
  expect(await readFile(join(app.folder, 'mine.ts'), 'utf8')).toContain('export class Posts');
});
