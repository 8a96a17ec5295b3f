/**
 * A worker that holds the database: `sqljs({ worker: () => new Worker(url, { type: 'module' }) })` with this module, or
 * a bundle of it, at `url`. Outside of a worker it does nothing.
 *
 * @module
 */
import { serveSqljs } from './worker/serve.ts';

const { WorkerGlobalScope } = globalThis as { WorkerGlobalScope?: new () => object };
if (WorkerGlobalScope !== undefined && globalThis instanceof WorkerGlobalScope) serveSqljs();
