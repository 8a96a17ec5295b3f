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
