import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';
import type * as Library from './decorated-library.ts';
import type * as Services from './transactional-services.ts';

/** What compiles the decorators away. */
export interface DecoratorCompiler {
  readonly name: string;
  /** The TypeScript compiler's options, or null where esbuild reads the source itself. */
  readonly options: ts.CompilerOptions | null;
  /** Whether names are shortened. */
  readonly minify?: boolean;
}

/** The ways in which applications get rid of standard decorators. */
export const decoratorCompilers: readonly DecoratorCompiler[] = [
  { name: 'esbuild to ES2022', options: null },
  { name: 'tsc to ES2022', options: { target: ts.ScriptTarget.ES2022 } },
  {
    name: 'tsc to ES2022 without define semantics',
    options: { target: ts.ScriptTarget.ES2022, useDefineForClassFields: false },
  },
  { name: 'tsc to ESNext, then esbuild to ES2022', options: { target: ts.ScriptTarget.ESNext } },
  { name: 'esbuild to ES2022, minified', options: null, minify: true },
];

const root = fileURLToPath(new URL('../..', import.meta.url));
// Beside the packages, so that those that stay outside of the bundle are found.
const outputs = join(root, 'node_modules/.cache/decorated');

/** Compiles decorated-library.ts, bundles it with the sources that it uses, and imports it. */
export function compileDecorated(compiler: DecoratorCompiler): Promise<typeof Library> {
  return compileModule(compiler, 'decorated-library') as Promise<typeof Library>;
}

/** The same for transactional-services.ts. */
export function compileServices(compiler: DecoratorCompiler): Promise<typeof Services> {
  return compileModule(compiler, 'transactional-services') as Promise<typeof Services>;
}

async function compileModule({ name, options, minify = false }: DecoratorCompiler, module: string): Promise<unknown> {
  await mkdir(outputs, { recursive: true });
  const source = join(root, `test/support/${module}.ts`);
  const outfile = join(outputs, `${module}-${name.replace(/\W+/g, '-')}-${process.pid}.mjs`);
  const compiled = options === null ? undefined : transpile(await readFile(source, 'utf8'), options);
  await build({
    ...(compiled === undefined
      ? { entryPoints: [source] }
      : { stdin: { contents: compiled, resolveDir: join(root, 'test/support'), loader: 'js' } }),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    packages: 'external',
    minify,
    outfile,
    logLevel: 'error',
  });
  return import(/* @vite-ignore */ pathToFileURL(outfile).href);
}

/** The text as tsc emits it. */
export function transpile(text: string, options: ts.CompilerOptions): string {
  const module = ts.ModuleKind.ESNext;
  const { outputText, diagnostics = [] } = ts.transpileModule(text, {
    compilerOptions: { verbatimModuleSyntax: true, ...options, module },
    reportDiagnostics: true,
  });
  const [problem] = diagnostics;
  if (problem !== undefined) throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'));
  return outputText;
}
