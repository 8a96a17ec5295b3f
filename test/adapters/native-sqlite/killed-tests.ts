import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../architecture/source-file.ts';
import { type NativeAdapter, openWith } from './native-driver.ts';

/** Starts a program that writes to the database at `path` and says `open` inside of a transaction, which never ends. */
async function startWriter(name: string, makeDriver: string, path: string): Promise<ChildProcess> {
  // In the repository, so that it finds the built package by its name.
  const folder = join(ROOT, 'test/artifacts/killed');
  await mkdir(folder, { recursive: true });
  const script = join(folder, `${name}-${process.pid}.mjs`);
  await writeFile(
    script,
    `${makeDriver}
const connection = await driver.connect();
const insert = (on, value) => on.execute({ sql: 'INSERT INTO t (v) VALUES (?)', params: [value] });
await connection.transact((tx) => insert(tx, 'committed'));
await connection.transact(async (tx) => {
  for (let row = 0; row < 5000; row++) await insert(tx, 'never committed '.repeat(20));
  console.log('open');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});`,
  );
  const writer = spawn(process.execPath, [script], {
    env: { ...process.env, DATABASE: path },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(writer, 'exit').then(() => {
    throw new Error('the writer ended before it was killed');
  });
  ended.catch(() => {});
  await Promise.race([once(writer.stdout as NonNullable<typeof writer.stdout>, 'data'), ended]);
  return writer;
}

/**
 * Another process that is killed in the middle of a transaction. `makeDriver` is the beginning of its program, which
 * makes `driver` of the built package, on the file that `process.env.DATABASE` names.
 */
export function killedTests(adapter: NativeAdapter, newFile: () => string, makeDriver: string): void {
  describe(`another process with ${adapter.name}`, () => {
    it('that is killed in a transaction leaves nothing of it behind, and nobody waiting', async () => {
      const path = newFile();
      await using db = await openWith(adapter.driver({ path, lockTimeout: 30_000 }));
      await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT');
      const values = async () => (await db.run('SELECT v FROM t ORDER BY id')).rows.map(([v]) => v);
      const writer = await startWriter(adapter.name, makeDriver, path);
      const events: string[] = [];
      try {
        expect(await values()).toEqual(['committed']);
        const waiting = db
          .transact(async (tx) => tx.execute({ sql: "INSERT INTO t (v) VALUES ('after')", params: [] }))
          .then(() => events.push('written'));
        await new Promise((resolve) => setTimeout(resolve, 20));
        events.push('killed');
        writer.kill('SIGKILL');
        await waiting;
      } finally {
        writer.kill('SIGKILL');
      }
      expect(events).toEqual(['killed', 'written']);
      expect(await values()).toEqual(['committed', 'after']);
      expect(await db.value('PRAGMA integrity_check')).toBe('ok');
    });
  });
}
