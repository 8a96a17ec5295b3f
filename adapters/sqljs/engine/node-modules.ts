interface NodeRequire {
  resolve(specifier: string): string;
}

interface NodeBuiltins {
  'node:module': { createRequire(base: string): NodeRequire };
  'node:fs/promises': { readFile(path: string | URL): Promise<Uint8Array<ArrayBuffer>> };
}

type GetBuiltin = <Name extends keyof NodeBuiltins>(name: Name) => NodeBuiltins[Name] | undefined;

/**
 * Node's (and Deno's and Bun's) own modules, where there are any. No `import('node:…')`, because a bundler for browsers
 * would stumble over it.
 */
export function builtinModule<Name extends keyof NodeBuiltins>(name: Name): NodeBuiltins[Name] | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: GetBuiltin } };
  return process?.getBuiltinModule?.(name);
}
