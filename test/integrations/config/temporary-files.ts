import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll } from 'vitest';

/** A folder that is gone when the tests of the file are over. */
export function temporaryFiles(): { readonly folder: string; write(name: string, text: string): string } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'meshestra-config-')));
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    write(name, text) {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
  };
}

/** A path as messages show it: from the folder that the process runs in. */
export function shown(path: string): string {
  return relative(process.cwd(), path);
}
