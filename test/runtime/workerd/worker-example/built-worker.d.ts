declare module 'built-worker.js' {
  import type { D1Database } from '../../../../adapters/d1/index.ts';

  const worker: {
    fetch(request: Request, bindings: { readonly DB: D1Database }, context: unknown): Promise<Response>;
  };

  // biome-ignore lint/style/noDefaultExport: what workerd runs is the default export
  export default worker;
}
