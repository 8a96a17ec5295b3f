import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { entriesOf, type PackageManifest } from '../architecture/rules/exports-map.ts';
import { ROOT } from '../architecture/source-file.ts';
import { hostOf } from './virtual-files.ts';

const EXAMPLE = join(ROOT, 'test/docs/examples/application.ts');

/** Entries whose declarations name types of Node or of a vendor's package, which an application of theirs has. */
const SERVERS = /\/(?:pg|mysql2|neon|planetscale|better-sqlite3|node-sqlite|pglite|cli|config|async-context)$/;

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as PackageManifest;
const ENTRIES = entriesOf(manifest)
  .filter(({ name }) => !SERVERS.test(name))
  .map(({ name }) => `meshestra${name.slice(1)}`);

/** What TypeScript says of a program of an application, with its library's declarations checked as strictly as it. */
function diagnose(code: string, options: ts.CompilerOptions): string[] {
  const program = ts.createProgram([EXAMPLE], options, hostOf(new Map([[EXAMPLE, code]]), options));
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${file?.fileName.slice(ROOT.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
}

// What the templates of Vite and of TypeScript itself begin with: no library but the language and the page.
const PLAIN: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  skipLibCheck: false,
  noEmit: true,
  types: [],
};

describe('the declarations of the package', () => {
  const everything = `${ENTRIES.map((entry, index) => `import * as entry${index} from '${entry}';`).join('\n')}
console.log(${ENTRIES.map((_, index) => `entry${index}`).join(', ')});`;

  it('check in an application without any library beside the language and the page', () => {
    expect(ENTRIES.length).toBeGreaterThan(10);
    expect(diagnose(everything, PLAIN)).toEqual([]);
  });

  it('check under the strictest options, too', () => {
    const strictest = { exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, verbatimModuleSyntax: true };
    expect(diagnose(everything, { ...PLAIN, ...strictest })).toEqual([]);
  });

  it('let await using be used with nothing but its own library', () => {
    const code = `import { createPersistence } from 'meshestra';
import { sqljs } from 'meshestra/sqljs';
await using db = await createPersistence({ driver: sqljs(), entities: [] });
console.log(db);
export {};`;
    expect(diagnose(code, PLAIN)).toEqual([]);
  });

  it('are found to be wrong where they are', () => {
    expect(diagnose("import { nothing } from 'meshestra';\nconsole.log(nothing);", PLAIN)).toEqual([
      expect.stringMatching(/^test\/docs\/examples\/application\.ts: .*no exported member named .nothing./),
    ]);
  });
});
