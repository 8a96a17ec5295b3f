import ts from 'typescript';
import { lineCount, locate, nodesOf, type SourceFile, type Violation } from '../source-file.ts';

const MAX_FILE_LINES = 400;
const MAX_FUNCTION_LINES = 60;
const MAX_MEDIAN_LINES = 80;

/** Files over 400 lines. */
export function findLongFiles(files: readonly SourceFile[]): Violation[] {
  return files
    .map((file) => ({ path: file.path, lines: lineCount(file.text) }))
    .filter(({ lines }) => lines > MAX_FILE_LINES)
    .map(({ path, lines }) => `${path} has ${lines} lines, more than ${MAX_FILE_LINES}`);
}

/** Functions, methods, accessors and constructors over 60 lines, from the first to the last line of their text. */
export function findLongFunctions(files: readonly SourceFile[]): Violation[] {
  const found: Violation[] = [];
  for (const file of files) {
    for (const node of nodesOf(file)) {
      if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) continue;
      const lines = lineCount(node.getText(file.ast));
      if (lines > MAX_FUNCTION_LINES) {
        found.push(`${locate(file, node)} function of ${lines} lines, more than ${MAX_FUNCTION_LINES}`);
      }
    }
  }
  return found;
}

/** The median file length; an empty list has none. */
export function medianLines(files: readonly SourceFile[]): number {
  const lengths = files.map((file) => lineCount(file.text)).sort((a, b) => a - b);
  const middle = lengths[Math.floor((lengths.length - 1) / 2)];
  if (middle === undefined) throw new Error('no files to take the median of');
  return middle;
}

/** The median file over 80 lines. */
export function findHighMedian(files: readonly SourceFile[]): Violation[] {
  const median = medianLines(files);
  return median > MAX_MEDIAN_LINES ? [`the median file has ${median} lines, more than ${MAX_MEDIAN_LINES}`] : [];
}
