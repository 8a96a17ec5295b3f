/**
 * Runs the worker as it was built, and counts its requests to D1.
 *
 * @module
 */
import worker from 'built-worker.js';
import type { D1Database } from '../../../../adapters/d1/index.ts';
import { countedBinding, countRequests } from '../worker/counted-binding.ts';

// biome-ignore lint/style/noDefaultExport: what workerd runs is the default export
export default {
  async fetch(request: Request, bindings: { readonly DB: D1Database }, context: unknown): Promise<Response> {
    if (new URL(request.url).pathname === '/counted') return Response.json(countRequests());
    return worker.fetch(request, { ...bindings, DB: countedBinding(bindings.DB) }, context);
  },
};
