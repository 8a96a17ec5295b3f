import type { Persistence } from '../../src/index.ts';

/** The texts of the statements that a persistence object runs from now on. */
export function watchStatements(db: Persistence): { readonly texts: string[]; reset(): void } {
  const texts: string[] = [];
  db.on('statement', ({ sql }) => texts.push(sql));
  return {
    texts,
    reset() {
      texts.length = 0;
    },
  };
}

/** Those that write, without what a batch says beside: keys that it makes known, and guards. */
export function writing(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => /\b(?:INSERT INTO|UPDATE|DELETE)\b/.test(text));
}
