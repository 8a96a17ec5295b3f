import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createPersistence, type Driver } from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';
import type { Subject } from '../../conformance/subject.ts';

/** Gives the names of new files in a folder that goes when the tests of the file that calls this are over. */
export function databaseFiles(): () => string {
  const folder = mkdtempSync(join(tmpdir(), 'meshestra-sqlite-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let made = 0;
  return () => {
    made += 1;
    return join(folder, `${made}.db`);
  };
}

/** The subjects of a native SQLite driver: a database in memory, and one on a file. */
export function nativeSubjects(name: string, driver: (path: string) => Driver): readonly Subject[] {
  const newFile = databaseFiles();
  const subject = (where: string, path: () => string): Subject => ({
    name: `${name} ${where}`,
    capabilities: driver(':memory:').capabilities,
    async open(entities, wrap = (inner) => inner) {
      const db = await createPersistence({ driver: wrap(driver(path())), entities });
      await createSchema(db);
      return db;
    },
    knownFailures: {},
  });
  return [subject('in memory', () => ':memory:'), subject('on a file', newFile)];
}
