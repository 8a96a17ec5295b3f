import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../architecture/source-file.ts';
import type { Example } from './extract-examples.ts';
import { hostOf } from './virtual-files.ts';

/**
 * Where an example's undeclared names come from, first match wins: each is the specifier of a module whose exports the
 * example may use without importing them. An example that imports or declares a name itself is left as it is.
 */
export type NameSources = readonly string[];

const FOLDER = join(ROOT, 'test/docs/examples');

/** "Cannot find name 'x'" in its variants, and a shorthand property without a value. */
const UNKNOWN_NAME = new Set([2304, 2503, 2552, 2662, 18004]);

/**
 * Type-checks examples against the built package, which they import by its public entries, and returns every error as
 * `path:line message`.
 */
export function checkExamples(examples: readonly Example[], sources: NameSources): string[] {
  const files = new Map(examples.map((example, index) => [join(FOLDER, `example-${index}.ts`), example]));
  const plain = new Map([...files].map(([path, { code }]) => [path, code]));
  const imports = new Map<string, string>();
  const first = compile(plain, new Map(), sources);
  for (const path of files.keys()) {
    const unknown = first.errors.filter((error) => error.path === path && UNKNOWN_NAME.has(error.code));
    imports.set(path, importsFor(new Set(unknown.flatMap(nameOf)), first.exportsOf));
  }
  return compile(plain, imports, sources).errors.map((error) => {
    const [document, line] = splitPlace(files.get(error.path)?.place ?? `${error.path}:1`);
    return `${document}:${line + error.line} ${error.message}`;
  });
}

interface CompileError {
  readonly path: string;
  readonly line: number;
  readonly code: number;
  readonly message: string;
}

interface Compilation {
  readonly errors: readonly CompileError[];
  /** Specifier -> the names it exports. */
  readonly exportsOf: ReadonlyMap<string, ReadonlySet<string>>;
}

function compile(
  codes: ReadonlyMap<string, string>,
  imports: ReadonlyMap<string, string>,
  sources: NameSources,
): Compilation {
  const options = exampleOptions();
  const probe = join(FOLDER, 'name-sources.ts');
  const texts = new Map([...codes].map(([path, code]) => [path, `${imports.get(path) ?? ''}${code}\nexport {};\n`]));
  texts.set(probe, sources.map((source) => `export * from '${source}';`).join('\n'));
  const program = ts.createProgram([...texts.keys()], options, hostOf(texts, options));
  const errors = [...codes.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(describeError);
  });
  return { errors, exportsOf: readExports(program, probe) };
}

function exampleOptions(): ts.CompilerOptions {
  const path = join(ROOT, 'test/tsconfig.json');
  const config = ts.getParsedCommandLineOfConfigFile(path, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '));
    },
  });
  if (config === undefined) throw new Error(`${path} does not parse`);
  const { noUnusedLocals: _locals, noUnusedParameters: _parameters, ...options } = config.options;
  return { ...options, incremental: false, noEmit: true, target: ts.ScriptTarget.ES2022 };
}

function readExports(program: ts.Program, probe: string): Map<string, Set<string>> {
  const checker = program.getTypeChecker();
  const statements = program.getSourceFile(probe)?.statements ?? [];
  return new Map(
    [...statements].filter(ts.isExportDeclaration).flatMap(({ moduleSpecifier }) => {
      if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
      const symbol = checker.getSymbolAtLocation(moduleSpecifier);
      if (symbol === undefined)
        throw new Error(`${moduleSpecifier.text} does not resolve: run \`npm run build\` first`);
      return [[moduleSpecifier.text, new Set(checker.getExportsOfModule(symbol).map(({ name }) => name))] as const];
    }),
  );
}

/** The import lines for names; on one line, so that the example's own lines keep their numbers. */
function importsFor(names: ReadonlySet<string>, exportsOf: Compilation['exportsOf']): string {
  return [...names]
    .map((name) => {
      const source = [...exportsOf].find(([, exported]) => exported.has(name))?.[0];
      // Not `import type` although it may be one: the checker finds out by itself where it stands for a value.
      return source === undefined ? '' : `import { ${name} } from '${source}';`;
    })
    .join(' ');
}

function nameOf({ message }: CompileError): string[] {
  const name = message.match(/'([^']+)'/)?.[1];
  return name === undefined ? [] : [name];
}

function describeError({ file, start, code, messageText }: ts.Diagnostic): CompileError {
  const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line;
  return { path: file?.fileName ?? '', line, code, message: ts.flattenDiagnosticMessageText(messageText, ' ') };
}

function splitPlace(place: string): [document: string, line: number] {
  const at = place.lastIndexOf(':');
  return [place.slice(0, at), Number(place.slice(at + 1))];
}
