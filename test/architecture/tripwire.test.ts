import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from './source-file.ts';

const UNKNOWN_TO_CORE = [
  'process',
  'Buffer',
  'require',
  'setTimeout',
  'fetch',
  'document',
  'console',
  'structuredClone',
  '__dirname',
  'performance',
  'navigator',
  'indexedDB',
];

/** The options that core itself is compiled with. */
function coreOptions(): ts.CompilerOptions {
  const path = join(ROOT, 'src/tsconfig.json');
  const config = ts.getParsedCommandLineOfConfigFile(path, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '));
    },
  });
  if (config === undefined || config.errors.length > 0) throw new Error(`${path} does not parse`);
  return config.options;
}

describe('the compiler in src', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'meshestra-tripwire-')));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Compiles planted files beside src/globals.ts, as if they stood in src; answers `file: error` for each error. */
  function compileInCore(files: Readonly<Record<string, string>>): string[] {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const program = ts.createProgram(
      [join(ROOT, 'src/globals.ts'), ...Object.keys(files).map((name) => join(folder, name))],
      { ...coreOptions(), composite: false, emitDeclarationOnly: false, noEmit: true, rootDir: '/' },
    );
    return ts
      .getPreEmitDiagnostics(program)
      .map(
        ({ file, messageText }) =>
          `${basename(file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      );
  }

  it('knows the globals that core may name, and no other', () => {
    const allowed = `
      export const bytes = new TextEncoder().encode('a');
      export const key: string = crypto.randomUUID();
      export const text: string = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      export const aborted: boolean = new AbortController().signal.aborted;
      queueMicrotask(() => {});
    `;
    const plants = UNKNOWN_TO_CORE.map((name) => [`${name}.ts`, `export const planted: unknown = ${name};`] as const);
    const errors = compileInCore({
      'allowed.ts': allowed,
      ...Object.fromEntries(plants),
      'module.ts': "export { readFile } from 'node:fs';",
    });
    const expected = [
      ...UNKNOWN_TO_CORE.map((name) => expect.stringContaining(`${name}.ts: Cannot find name '${name}'`)),
      expect.stringMatching(/^module\.ts: Cannot find (name|module) 'node:fs'/),
    ];
    expect(errors).toHaveLength(expected.length);
    expect(errors).toEqual(expect.arrayContaining(expected));
  });

  it('fails when the types of Node leak in through a package', () => {
    const leak = '/// <reference types="node" />\nexport const planted: string = process.version;';
    expect(compileInCore({ 'leak.ts': leak }).join('\n')).toMatch(/globals\.ts: (Duplicate|Cannot redeclare)/);
  });
});
