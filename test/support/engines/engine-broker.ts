import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { ENGINE_KINDS, type FoundBinaries, type LocatedEngine, locateBinaries, locateEngine } from './locate-engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test files ask for servers. */
    engineBroker: string;
  }
}

/** The servers of the last run, for the support matrix. */
const RECORD = new URL('../../artifacts/engines.json', import.meta.url);

/**
 * Vitest's global setup: answers test files that ask for a database server. The first that asks makes the search run,
 * once for all files; where no file asks, none is looked for. At the end of the run everything is left as it was found.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const engines = new Map<string, Promise<LocatedEngine>>();
  const binaries = new Map<string, Promise<FoundBinaries>>();
  const server = createServer((request, response) => {
    const [, what, name] = (request.url ?? '').split('/');
    const kind = Object.values(ENGINE_KINDS).find((each) => each.name === name);
    if (kind === undefined) return void response.writeHead(404).end();
    if (what === 'binaries')
      return answer(
        response,
        once(binaries, kind.name, () => locateBinaries(kind)),
      );
    const engine = once(engines, kind.name, async () => {
      const engine = await locateEngine(kind);
      const { version, missing } = engine.found;
      process.stdout.write(missing === undefined ? `${version}, ${engine.origin}\n` : `${missing}\n`);
      return engine;
    });
    answer(
      response,
      engine.then(({ found }) => found),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  project.provide('engineBroker', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    server.closeAllConnections();
    await record(engines);
    for (const engine of engines.values()) await (await engine).leave();
  };
}

function once<T>(answers: Map<string, Promise<T>>, name: string, find: () => Promise<T>): Promise<T> {
  const known = answers.get(name) ?? find();
  answers.set(name, known);
  return known;
}

// An installation may take minutes. Who waits is sent blanks, which JSON ignores, for no answer at all looks like none.
function answer(response: ServerResponse, found: Promise<unknown>): void {
  const beat = setInterval(() => response.write(' '), 10_000);
  const end = (value: unknown): void => {
    clearInterval(beat);
    response.end(JSON.stringify(value));
  };
  found.then(end, (error: unknown) => end({ missing: String(error) }));
}

async function record(engines: ReadonlyMap<string, Promise<LocatedEngine>>): Promise<void> {
  if (engines.size === 0) return;
  const found = await Promise.all(
    [...engines].map(async ([name, engine]) => [name, (await engine).found.version ?? null] as const),
  );
  await mkdir(new URL('.', RECORD), { recursive: true });
  // `npm test` runs vitest twice, on two Nodes, and begins without a record.
  const earlier = await readFile(RECORD, 'utf8').catch(() => '{}');
  const record = { ...(JSON.parse(earlier) as object), ...Object.fromEntries(found) };
  await writeFile(fileURLToPath(RECORD), `${JSON.stringify(record, null, 2)}\n`);
}
