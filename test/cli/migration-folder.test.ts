import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openMigrationFolder } from '../../cli/migration-folder.ts';

async function refusalOf(...files: readonly string[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'meshestra-folder-'));
  try {
    await mkdir(join(root, 'migrations'));
    for (const file of files) await writeFile(join(root, 'migrations', file), 'SELECT 1;\n');
    const driver = () => Promise.reject(new Error('no database is needed'));
    return await openMigrationFolder({ root, config: { driver, entities: [] } })
      .load()
      .then(
        () => 'nothing was refused',
        (error: Error) => error.message,
      );
  } finally {
    await rm(root, { recursive: true });
  }
}

it('refuses two migrations of one version, of which one would be left out', async () => {
  const twoNames = await refusalOf('1-add-a.up.sql', '1-add-a.down.sql', '1-add-b.up.sql', '1-add-b.down.sql');
  expect(twoNames).toContain('1-add-a.down.sql and 1-add-b.down.sql have one version');
  expect(await refusalOf('1-add.ts', '1-add.up.sql')).toContain('1-add.ts and 1-add.up.sql have one version');
  expect(await refusalOf('1-add.up.sql', '1-add.sqlite.up.sql')).toContain('have one version');
});

it('refuses a file that is meant as a migration and not named as one', async () => {
  expect(await refusalOf('1-Add-Bio.up.sql')).toContain('1-Add-Bio.up.sql is not named as a migration');
  expect(await refusalOf('1-add-bio.sql')).toContain('is not named as a migration');
  expect(await refusalOf('1-add.test.ts', 'README.md')).toBe('nothing was refused');
});
