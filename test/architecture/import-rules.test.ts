import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkImports } from './rules/import-rules.ts';
import { listFiles, ROOT } from './source-file.ts';

const FOLDERS = ['src', 'adapters', 'integrations', 'cli'];

describe('import rules', () => {
  it('hold in src, adapters, integrations and cli, type imports counted', async () => {
    const { modules, violations } = await checkImports(ROOT, FOLDERS);
    expect(violations).toEqual([]);
    const sources = FOLDERS.flatMap((folder) => listFiles(folder)).filter((path) => path.endsWith('.ts'));
    expect(modules).toBeGreaterThanOrEqual(sources.length);
    expect(sources.length).toBeGreaterThan(0);
  });

  describe('report a planted', () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), 'meshestra-imports-')));
    afterAll(() => rmSync(root, { recursive: true }));

    /** A tree that breaks no rule, and one file that does. */
    async function plant(name: string, violations: Readonly<Record<string, string>>): Promise<readonly string[]> {
      const files: Record<string, string> = {
        'package.json': '{"name":"meshestra","type":"module","dependencies":{"sql.js":"*","pg":"*","idb-keyval":"*"}}',
        'src/errors.ts': 'export class PersistenceError extends Error {}',
        'src/wire/statement.ts': 'export interface Statement { readonly sql: string }',
        'src/session/session.ts': "import type { Statement } from '../wire/statement.ts';\nexport type S = Statement;",
        'src/query/query.ts': 'export type Query = string;',
        'src/persistence.ts': 'export const persistence = 1;',
        'src/port.ts': "export type { Statement } from './wire/statement.ts';",
        'src/index.ts': "export { persistence } from './persistence.ts';",
        'src/dialect/sqlite/index.ts': 'export const sqlite = 1;',
        'adapters/sqljs/index.ts': "import type { Statement } from '../../src/port.ts';\nexport type S = Statement;",
        'adapters/pg/index.ts': "import type { Statement } from '../../src/port.ts';\nexport type S = Statement;",
        'cli/main.ts': "import { persistence } from '../src/index.ts';\nexport const main = persistence;",
        'integrations/config/index.ts': "import type { S } from '../../adapters/pg/index.ts';\nexport type T = S;",
        ...violations,
      };
      const folder = join(root, name);
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), `${text}\n`);
      }
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      const report = await checkImports(folder, FOLDERS);
      expect(report.modules).toBeGreaterThan(0);
      return report.violations;
    }

    it('module of Node in async-context that workerd has not', async () => {
      const plantIn = (name: string, text: string) =>
        plant(name, { 'integrations/async-context/planted.ts': `${text}\nexport const x = 1;` });
      expect(await plantIn('als', "import { AsyncLocalStorage as _a } from 'node:async_hooks';")).toEqual([]);
      expect((await plantIn('not-als', "import { readFile as _r } from 'node:fs';")).join('\n')).toContain(
        'async-context-imports-async-hooks-only: integrations/async-context/planted.ts',
      );
    });

    it('import of a room, of a package, or of the command line tool', async () => {
      const violations = await plant('cli', {
        'cli/planted.ts': "import { persistence } from '../src/persistence.ts';\nexport const p = persistence;",
        'cli/package.ts': "import type { Pool } from 'pg';\nexport type P = Pool;",
        'adapters/pg/planted.ts': "import { main } from '../../cli/main.ts';\nexport const m = main;",
      });
      expect(violations.join('\n')).toContain('cli-imports-public-entries-only: cli/planted.ts');
      expect(violations.join('\n')).toContain('cli-packages: cli/package.ts');
      expect(violations.join('\n')).toContain('nothing-imports-cli: adapters/pg/planted.ts');
    });

    it('nothing in a tree that keeps them', async () => {
      expect(await plant('clean', {})).toEqual([]);
    });

    it.each([
      [
        'import of a lower room',
        'wire-imports-only-rooms-above',
        'upward',
        "import { persistence } from '../persistence.ts';\nexport const x = persistence;",
      ],
      [
        'type import of a lower room',
        'wire-imports-only-rooms-above',
        'upward-type',
        "import type { Query } from '../query/query.ts';\nexport type X = Query;",
      ],
      [
        'import of an entry',
        'core-imports-no-entry',
        'entry',
        "import { persistence } from '../index.ts';\nexport const x = persistence;",
      ],
      [
        'package in core',
        'core-imports-only-core',
        'package',
        "import initSqlJs from 'sql.js';\nexport const x = initSqlJs;",
      ],
      [
        'Node module in core',
        'core-imports-only-core',
        'node',
        "import { readFile } from 'node:fs';\nexport const x = readFile;",
      ],
      [
        'type import of a package in core',
        'core-imports-only-core',
        'package-type',
        "import type { SqlJsStatic } from 'sql.js';\nexport type X = SqlJsStatic;",
      ],
      [
        'import that does not resolve',
        'every-import-resolves',
        'unresolved',
        "import { x } from './nowhere.ts';\nexport const y = x;",
      ],
    ])('%s', async (_title, rule, name, text) => {
      expect((await plant(name, { 'src/wire/planted.ts': text })).join('\n')).toContain(`${rule}: src/wire/planted.ts`);
    });

    it('cycle, of types too', async () => {
      const violations = await plant('cycle', {
        'src/wire/a.ts': "import type { B } from './b.ts';\nexport type A = B | 1;",
        'src/wire/b.ts': "import type { A } from './a.ts';\nexport type B = A | 2;",
      });
      expect(violations.some((violation) => violation.startsWith('no-cycles'))).toBe(true);
    });

    it('file that belongs to no room', async () => {
      const violations = await plant('roomless', { 'src/utils/things.ts': 'export const thing = 1;' });
      expect(violations).toEqual(['every-file-has-a-room: src/utils/things.ts']);
    });

    it('import of the migration branch from a room, and of a late room from migration', async () => {
      const violations = await plant('migration', {
        'src/migration/migrator.ts': "import { persistence } from '../persistence.ts';\nexport const m = persistence;",
        'src/query/planted.ts': "import { m } from '../migration/migrator.ts';\nexport const q = m;",
      });
      expect(violations.join('\n')).toContain('migration-imports-up-to-session');
      expect(violations.join('\n')).toContain('query-imports-only-rooms-above');
    });

    it.each([
      [
        'adapter that reaches into core',
        'adapters-import-the-port-only',
        'deep',
        "import { persistence } from '../../src/persistence.ts';\nexport const x = persistence;",
      ],
      [
        'adapter that imports another',
        'adapters-are-apart',
        'sibling',
        "import type { S } from '../sqljs/index.ts';\nexport type X = S;",
      ],
      [
        'adapter that imports a package of another',
        'adapter-without-packages',
        'foreign',
        "import { get } from 'idb-keyval';\nexport const x = get;",
      ],
      [
        'adapter that imports a Node module',
        'adapter-without-packages',
        'adapter-node',
        "import { readFile } from 'node:fs';\nexport const x = readFile;",
      ],
    ])('%s', async (_title, rule, name, text) => {
      expect((await plant(name, { 'adapters/another/planted.ts': text })).join('\n')).toContain(
        `${rule}: adapters/another/planted.ts`,
      );
    });

    it.each([
      [
        'integration that reaches into core',
        'integrations-import-public-entries-only',
        'integration-deep',
        "import { persistence } from '../../src/persistence.ts';\nexport const x = persistence;",
      ],
      [
        'integration that imports another',
        'integrations-are-apart',
        'integration-sibling',
        "import type { T } from '../config/index.ts';\nexport type X = T;",
      ],
      [
        'integration that imports a package that is not named',
        'integration-without-packages',
        'integration-package',
        "import { get } from 'idb-keyval';\nexport const x = get;",
      ],
      [
        'integration that imports a Node module and is not named',
        'integration-without-packages',
        'integration-node',
        "import { readFile } from 'node:fs';\nexport const x = readFile;",
      ],
    ])('%s', async (_title, rule, name, text) => {
      expect((await plant(name, { 'integrations/other/planted.ts': text })).join('\n')).toContain(
        `${rule}: integrations/other/planted.ts`,
      );
    });
  });
});
