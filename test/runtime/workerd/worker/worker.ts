/**
 * A worker that runs the laws of the conformance suites, one by one, as the tests in Node ask for them.
 *
 * @module
 */
import '../../../support/fixed-seed.ts';
import type { D1Database } from '../../../../adapters/d1/index.ts';
import type { DurableStorage } from '../../../../adapters/durable-object/index.ts';
import { sqliteTells } from '../../../conformance/constraints/told.ts';
import type { CollectedTest } from '../../bare/vitest-in-bare-realm.ts';
import { countRequests } from './counted-binding.ts';
import { databaseOf, httpSubjects } from './http-subjects.ts';
import { onStage, type Stage, subjects } from './subjects.ts';
import { registerSuites } from './suites.ts';

interface Environment {
  /** Where databases behind HTTP are given out. */
  readonly DESK?: string;
  readonly DB1: D1Database;
  readonly DB2: D1Database;
  readonly DB3: D1Database;
  readonly STORAGE: {
    idFromName(name: string): unknown;
    get(id: unknown): { fetch(request: Request): Promise<Response> };
  };
}

for (const subject of subjects) registerSuites(subject, sqliteTells, countRequests);
for (const { subject, tells } of httpSubjects) registerSuites(subject, tells, countRequests);
const laws = new Map(
  (globalThis as unknown as { collectedTests: readonly CollectedTest[] }).collectedTests.map((test) => [
    test.name,
    test,
  ]),
);

async function runLaw(name: string, stage: Stage): Promise<Response> {
  const law = laws.get(name);
  if (law === undefined) return Response.json({ failure: `there is no law '${name}' in the worker` });
  try {
    await onStage(stage, () => law.run());
    return Response.json({ failure: null });
  } catch (error) {
    return Response.json({ failure: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) });
  }
}

/** Laws in which somebody goes on outside of a transaction, or of one inside of it, while that is open. */
const FROM_OUTSIDE = /: isolation > |> a savepoint that still runs|> savepoints of every depth/;

interface ObjectState {
  readonly storage: DurableStorage;
  abort(reason: string): void;
}

/** The object in whose storage a law runs. */
export class StorageObject {
  readonly #state: ObjectState;

  constructor(state: ObjectState) {
    this.#state = state;
  }

  async fetch(request: Request): Promise<Response> {
    const name = await request.text();
    const { storage } = this.#state;
    const abort = (reason: Error) => this.#state.abort(reason.message);
    return runLaw(name, { storage, abort, ...(FROM_OUTSIDE.test(name) ? { turns: 'promises' } : {}) });
  }
}

// biome-ignore lint/style/noDefaultExport: what workerd runs is the default export
export default {
  async fetch(request: Request, environment: Environment): Promise<Response> {
    const name = await request.text();
    if (name.startsWith('durable-object:')) {
      const { STORAGE } = environment;
      return STORAGE.get(STORAGE.idFromName(name)).fetch(new Request(request.url, { method: 'POST', body: name }));
    }
    const { DB1, DB2, DB3, DESK } = environment;
    return runLaw(name, { databases: [DB1, DB2, DB3], ...(DESK === undefined ? {} : { give: databaseOf(DESK) }) });
  },
};
