import type { SourceFile } from '../source-file.ts';

const WINDOW_LINES = 6;
/** Six lines of brackets are no copy: a window must carry this many characters of code. */
const WINDOW_CHARACTERS = 120;

/** How much of the code stands elsewhere a second time. */
export interface Duplication {
  readonly lines: number;
  readonly duplicated: number;
  /** `duplicated / lines`, between 0 and 1. */
  readonly share: number;
  /** Pairs of places, `path:line = path:line`. */
  readonly copies: readonly string[];
}

interface CodeLine {
  readonly path: string;
  readonly number: number;
  readonly code: string;
}

/** Finds runs of six and more equal lines of code (comments, imports, blank lines and indentation not counted). */
export function measureDuplication(files: readonly SourceFile[]): Duplication {
  const firstSeen = new Map<string, CodeLine>();
  const duplicated = new Set<string>();
  const copies: string[] = [];
  let lines = 0;
  for (const code of files.map(codeLines)) {
    lines += code.length;
    let lastCopy = -WINDOW_LINES;
    for (const [start, first] of code.entries()) {
      const origin = remember(firstSeen, code.slice(start, start + WINDOW_LINES));
      if (origin === undefined) continue;
      for (const line of code.slice(start, start + WINDOW_LINES)) duplicated.add(`${line.path}:${line.number}`);
      if (start - lastCopy >= WINDOW_LINES)
        copies.push(`${first.path}:${first.number} = ${origin.path}:${origin.number}`);
      lastCopy = start;
    }
  }
  return { lines, duplicated: duplicated.size, share: lines === 0 ? 0 : duplicated.size / lines, copies };
}

/** Where the same window stood before; a window that is new, or too small to tell, has no origin. */
function remember(firstSeen: Map<string, CodeLine>, window: readonly CodeLine[]): CodeLine | undefined {
  const [first] = window;
  const text = window.map((line) => line.code).join('\n');
  if (first === undefined || window.length < WINDOW_LINES || text.length < WINDOW_CHARACTERS) return undefined;
  const origin = firstSeen.get(text);
  if (origin === undefined) firstSeen.set(text, first);
  return origin;
}

/** The lines that hold code, without imports (they repeat by nature) and re-export lists. */
function codeLines(file: SourceFile): CodeLine[] {
  const withoutImports = file.text.replace(/^(import|export)\b[^;'"]*?\bfrom\s*['"][^'"]*['"];?/gm, blankLines);
  const withoutComments = withoutImports.replace(/\/\*[\s\S]*?\*\//g, blankLines);
  return withoutComments
    .split('\n')
    .map((line, index) => ({ path: file.path, number: index + 1, code: line.trim() }))
    .filter(({ code }) => code !== '' && !code.startsWith('//'));
}

function blankLines(text: string): string {
  return text.replace(/[^\n]/g, '');
}
