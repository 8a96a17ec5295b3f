import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { sqljsCapabilities } from '../../../adapters/sqljs/capabilities.ts';
import { entriesOf, type PackageManifest } from '../../architecture/rules/exports-map.ts';
import { ROOT } from '../../architecture/source-file.ts';
import { constraintSuite } from '../../conformance/constraint-suite.ts';
import { sqliteTells } from '../../conformance/constraints/told.ts';
import { driverSuite } from '../../conformance/driver-suite.ts';
import { flushSuite } from '../../conformance/flush-suite.ts';
import type { Subject } from '../../conformance/subject.ts';
import { valueSuite } from '../../conformance/value-suite.ts';
import { bundleWorkerCode, lawsInWorkerd, startWorkerd } from './workerd.ts';

const { elsewhere, stop } = await lawsInWorkerd('sqljs in workerd');
afterAll(stop);

const onSqljs: Subject = {
  name: 'sqljs in workerd',
  capabilities: sqljsCapabilities,
  open: () => Promise.reject(new Error('the driver runs in workerd')),
  elsewhere,
  knownFailures: {},
};

driverSuite(onSqljs);
valueSuite(onSqljs);
flushSuite(onSqljs);
constraintSuite(onSqljs, sqliteTells);

/** Entries that need a package that no worker has, or Node. */
const ELSEWHERE = /^\.\/(?:pg|mysql2|pglite|better-sqlite3|node-sqlite|config|async-context|sqljs\/worker)$/;

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as PackageManifest;
const entries = entriesOf(manifest).filter(({ name }) => !ELSEWHERE.test(name));

async function answerOf(code: string): Promise<string> {
  const workerd = startWorkerd(await bundleWorkerCode(code));
  try {
    const response = await workerd.dispatchFetch('http://worker');
    return await response.text();
  } catch (error) {
    return String(error);
  } finally {
    // A worker that does not start fails here a second time.
    await workerd.dispose().catch(() => undefined);
  }
}

const STORAGE_OBJECT = 'export class StorageObject {}';

describe('the built entries in workerd, without a flag', () => {
  it('do nothing at module scope that workerd forbids there', async () => {
    expect(entries.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['.', './d1', './durable-object', './sqljs']),
    );
    const imports = entries.map(({ output }, n) => `import * as entry${n} from './${output}';`).join('\n');
    const names = entries.map((_, n) => `entry${n}`).join(', ');
    const code = `${imports}\n${STORAGE_OBJECT}\nexport default { fetch: () => new Response(String([${names}].length)) };`;
    expect(await answerOf(code)).toBe(String(entries.length));
  });

  it.each(['crypto.randomUUID()', 'setTimeout(() => {}, 1)', "await fetch('http://x')"])(
    'would be found to do %s',
    async (use) => {
      const code = `const x = ${use};\n${STORAGE_OBJECT}\nexport default { fetch: () => new Response('1' + typeof x) };`;
      expect(await answerOf(code)).not.toMatch(/^1/);
    },
  );
});
