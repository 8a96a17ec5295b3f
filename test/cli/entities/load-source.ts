import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transform } from 'esbuild';
import type { EntityClass } from '../../../src/index.ts';
import { ROOT } from '../../architecture/source-file.ts';

const FOLDER = join(ROOT, 'test/artifacts/entities');
let count = 0;

/** Loads a generated module, with decorators lowered, over the sources of this repository. */
export async function loadSource(source: string): Promise<readonly EntityClass[]> {
  await mkdir(FOLDER, { recursive: true });
  count += 1;
  const file = join(FOLDER, `entities-${process.pid}-${count}.js`);
  const { code } = await transform(source, { loader: 'ts', target: 'es2022' });
  const entry = (name: string) => join(ROOT, 'src', `${name}.ts`);
  const local = code
    .replaceAll(/(["'])meshestra\/decorators\1/g, JSON.stringify(entry('decorators')))
    .replaceAll(/ from (["'])meshestra\1/g, ` from ${JSON.stringify(entry('index'))}`);
  await writeFile(file, local);
  try {
    const { entities } = (await import(/* @vite-ignore */ file)) as { entities: readonly EntityClass[] };
    return entities;
  } finally {
    await rm(file);
  }
}
