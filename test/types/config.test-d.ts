import { expectTypeOf, test } from 'vitest';
import { type FileDatabase, loadConfig, type ServerDatabase } from '../../integrations/config/index.ts';
import type { Secret, ServerOptions } from '../../src/port.ts';

test('a configuration has the databases that are expected, each of its kind', async () => {
  const { databases } = await loadConfig({ expect: { main: 'server', copied: 'replicated', archive: 'file' } });
  expectTypeOf(databases.main).toEqualTypeOf<ServerDatabase>();
  expectTypeOf(databases.main).toExtend<ServerOptions>();
  expectTypeOf(databases.main.url).toEqualTypeOf<Secret | undefined>();
  expectTypeOf(databases.copied.primary).toEqualTypeOf<ServerDatabase>();
  expectTypeOf(databases.copied.replicas).toEqualTypeOf<readonly ServerDatabase[]>();
  expectTypeOf(databases.archive).toEqualTypeOf<FileDatabase>();
  expectTypeOf<keyof typeof databases>().toEqualTypeOf<'main' | 'copied' | 'archive'>();
  // @ts-expect-error: nobody expects it
  databases.other;
});

test('a configuration says only which kinds there are where none is expected', async () => {
  const { databases } = await loadConfig('app.yaml');
  expectTypeOf(databases.main).toExtend<object | undefined>();
  // @ts-expect-error: it may be a file, or missing
  databases.main.host;
});

test('a configuration knows the kinds, and the options of its sources', () => {
  // @ts-expect-error: there is no such kind
  const kind: Parameters<typeof loadConfig>[0] = { expect: { main: 'sever' } };
  // @ts-expect-error: there is no such option
  const source: Parameters<typeof loadConfig>[0] = { flie: 'app.yaml' };
  expectTypeOf([kind, source]).toBeArray();
});
