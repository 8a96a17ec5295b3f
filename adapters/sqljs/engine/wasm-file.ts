import { ConfigurationError } from '../../../src/errors.ts';

interface NodeRequire {
  resolve(specifier: string): string;
}

interface NodeBuiltins {
  'node:module': { createRequire(base: string): NodeRequire };
  'node:fs/promises': { readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>> };
}

/** Reads the WebAssembly file of sql.js in Node, Deno or Bun; by default the one in the package sql.js. */
export async function readWasm(address: string | URL | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const path = address ?? packaged();
  return builtin('node:fs/promises').readFile(String(path).startsWith('file:') ? new URL(path) : path);
}

function packaged(): string {
  try {
    return builtin('node:module')
      .createRequire(import.meta.url)
      .resolve('sql.js/dist/sql-wasm.wasm');
  } catch (cause) {
    throw new ConfigurationError('sql.js is not installed here; add it, or give the option "wasm"', { cause });
  }
}

// No `import('node:…')`, because a bundler for browsers would stumble over it.
function builtin<Name extends keyof NodeBuiltins>(name: Name): NodeBuiltins[Name] {
  const { process } = globalThis as unknown as { process: { getBuiltinModule(name: Name): NodeBuiltins[Name] } };
  return process.getBuiltinModule(name);
}
