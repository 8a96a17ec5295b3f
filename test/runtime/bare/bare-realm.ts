import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Context, createContext, runInContext } from 'node:vm';
import { build, type Metafile, type Plugin } from 'esbuild';
import ts from 'typescript';
import { ROOT, type SourceFile, sourceFile } from '../../architecture/source-file.ts';
import { lendToRealm } from './membrane.ts';
import type { CollectedTest } from './vitest-in-bare-realm.ts';

/** What `src/globals.ts` declares, and nothing else of the host: no process, Buffer, require, timers, console. */
const ALLOWED_GLOBALS = { crypto, TextEncoder, TextDecoder, AbortSignal, AbortController, queueMicrotask };

/** A bundle for the bare realm: one script, and where it came from. */
export interface BareBundle {
  readonly code: string;
  readonly metafile: Metafile;
  /** Imports that no file of the repository answers: packages and Node modules. */
  readonly externals: readonly string[];
  /** Modules of test/support that stay in the host and are lent to the realm, because they hold a database engine. */
  readonly hostModules: readonly string[];
}

/**
 * `vitest` becomes our shim; its own libraries and fast-check are bundled; every other package stays outside. A module
 * of test/support that imports such a package stays in the host.
 */
function bareModules(hostModules: string[]): Plugin {
  return {
    name: 'bare-modules',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^vitest$/ }, () => ({ path: join(ROOT, 'test/runtime/bare/vitest-in-bare-realm.ts') }));
      onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
        if (kind === 'entry-point' || importer.includes('node_modules') || isTestLibrary(path)) return null;
        return { path, external: true };
      });
      onLoad({ filter: /\/test\/support\/[^/]+\.ts$/ }, async ({ path }) => {
        const source = sourceFile(path, await readFile(path, 'utf8'));
        if (!importsPackage(source)) return null;
        hostModules.push(path);
        const names = Object.keys((await import(path)) as object);
        const lent = `globalThis.lentModules[${JSON.stringify(path)}]`;
        return { contents: names.map((name) => `export const ${name} = ${lent}.${name};`).join('\n') };
      });
    },
  };
}

/** Whether a module imports more than types from a package or a Node module. */
function importsPackage(file: SourceFile): boolean {
  return file.ast.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) &&
      statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword &&
      ts.isStringLiteral(statement.moduleSpecifier) &&
      !statement.moduleSpecifier.text.startsWith('.') &&
      !isTestLibrary(statement.moduleSpecifier.text) &&
      statement.moduleSpecifier.text !== 'vitest',
  );
}

function isTestLibrary(path: string): boolean {
  return ['chai', 'fast-check', '@vitest/expect', '@vitest/spy'].includes(path);
}

/** Bundles an entry of the repository for the bare realm. */
export async function bundleForBareRealm(entry: string): Promise<BareBundle> {
  const hostModules: string[] = [];
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    globalName: 'bundled',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    logLevel: 'silent',
    plugins: [bareModules(hostModules)],
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild wrote nothing for ${entry}`);
  const externals = Object.values(metafile.inputs).flatMap((input) =>
    input.imports.filter((imported) => imported.external === true).map((imported) => imported.path),
  );
  return { code: output.text, metafile, externals: [...new Set(externals)], hostModules };
}

/** Makes the realm: the language, what `src/globals.ts` declares, and no code generation. */
function createBareRealm(): Context {
  const realm = createContext({ ...ALLOWED_GLOBALS }, { codeGeneration: { strings: false, wasm: false } });
  // V8 gives each realm a console and WebAssembly of its own. TextEncoder makes arrays of the host's realm, which are
  // no Uint8Array here; every real platform has one realm, so the encoder is made to answer with the realm's own.
  runInContext(
    `delete globalThis.console; delete globalThis.WebAssembly;
     globalThis.TextEncoder = (({ prototype: { encode } }, Host) => class TextEncoder {
       get encoding() { return 'utf-8'; }
       encode(text = '') { return new Uint8Array(encode.call(new Host(), text)); }
     })(TextEncoder, TextEncoder);`,
    realm,
  );
  return realm;
}

/** Runs a script in a realm. */
export function runInBareRealm(code: string, realm = createBareRealm()): Context {
  runInContext(code, realm);
  return realm;
}

/**
 * Globals that test libraries want when they are loaded, and that tests may name in their tables of cases. They are
 * gone before the first test runs; that core needs none of them even when loaded, the core bundle shows.
 */
const LOADING_STAND_INS = [
  'globalThis.standIns = {',
  '  EventTarget: class { addEventListener() {} dispatchEvent() { return true; } },',
  '  Event: class {},',
  '  Buffer: class Buffer extends Uint8Array {},',
  "  setTimeout() { throw new Error('there are no timers in the bare realm'); },",
  '  clearTimeout() {},',
  '};',
  'Object.assign(globalThis, globalThis.standIns);',
];

/** Runs a bundled test module far enough to know its tests. */
export async function collectTests(bundle: BareBundle): Promise<readonly CollectedTest[]> {
  const realm = createBareRealm();
  realm.lentModules = {};
  for (const path of bundle.hostModules) realm.lentModules[path] = lendToRealm({ ...(await import(path)) }, realm);
  runInContext(LOADING_STAND_INS.join('\n'), realm);
  runInContext(bundle.code, realm);
  runInContext('for (const name of Object.keys(globalThis.standIns)) delete globalThis[name];', realm);
  return realm.collectedTests as readonly CollectedTest[];
}
