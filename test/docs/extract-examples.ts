/** A fenced block of TypeScript in a document or a doc comment. */
export interface Example {
  /** `path:line` of the first line of its code. */
  readonly place: string;
  readonly code: string;
  /** Marked as ` ```ts run `: it is executed, too. */
  readonly runs: boolean;
}

const FENCE = /^```ts( run)?\s*\n([\s\S]*?)^```\s*$/gm;

/** The examples of a Markdown text; `firstLine` is where the text begins in its file. */
export function markdownExamples(path: string, text: string, firstLine = 1): Example[] {
  return [...text.matchAll(FENCE)].map((match) => ({
    place: `${path}:${firstLine + text.slice(0, match.index).split('\n').length}`,
    code: match[2] ?? '',
    runs: match[1] !== undefined,
  }));
}

/** The examples in the doc comments of a source file. */
export function docCommentExamples(path: string, text: string): Example[] {
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap((match) => {
    const firstLine = text.slice(0, match.index).split('\n').length;
    const markdown = match[0].replace(/^[ \t]*(?:\/\*\*|\*\/|\*) ?/gm, '').replace(/\*\/$/, '');
    return markdownExamples(path, markdown, firstLine);
  });
}
