import fc from 'fast-check';
import { KINDS, type Kind, RULES } from './rules.ts';

/**
 * A step of the application. Numbers choose among what there is when the step is made, so that every sequence of steps
 * makes sense and stays so when it is shortened.
 */
export type Edit =
  | { readonly op: 'create'; readonly kind: Kind; readonly refs: readonly number[]; readonly way: number }
  | { readonly op: 'rename' | 'remove' | 'takeBack' | 'revertOne' | 'refresh' | 'load'; readonly pick: number }
  | { readonly op: 'recode'; readonly pick: number; readonly code: number }
  | { readonly op: 'refer'; readonly rule: number; readonly pick: number; readonly target: number }
  | { readonly op: 'add' | 'drop'; readonly rule: number; readonly pick: number; readonly target: number }
  | { readonly op: 'setItems'; readonly rule: number; readonly pick: number; readonly mask: number }
  | { readonly op: 'link' | 'unlink'; readonly pick: number; readonly target: number; readonly side: boolean }
  | { readonly op: 'setLinks'; readonly pick: number; readonly side: boolean; readonly mask: number }
  | { readonly op: 'flush' | 'revert' | 'reload' }
  | { readonly op: 'failingFlush'; readonly at: number }
  | { readonly op: 'transaction'; readonly edits: readonly Edit[]; readonly commits: boolean };

const pick = fc.nat(999);
const rule = fc.nat(RULES.length - 1);
const mask = fc.nat(255);
const op = <const O extends string>(...names: readonly O[]) => fc.constantFrom(...names);

const plainEdit = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      op: op('create'),
      kind: fc.constantFrom(...KINDS),
      refs: fc.array(pick, { minLength: 3, maxLength: 3 }),
      way: fc.nat(1),
    }),
  },
  { weight: 3, arbitrary: fc.record({ op: op('rename', 'remove'), pick }) },
  { weight: 2, arbitrary: fc.record({ op: op('takeBack', 'revertOne', 'refresh', 'load'), pick }) },
  { weight: 2, arbitrary: fc.record({ op: op('recode'), pick, code: fc.nat(5) }) },
  { weight: 5, arbitrary: fc.record({ op: op('refer', 'add', 'drop'), rule, pick, target: pick }) },
  { weight: 2, arbitrary: fc.record({ op: op('setItems'), rule, pick, mask }) },
  { weight: 4, arbitrary: fc.record({ op: op('link', 'unlink'), pick, target: pick, side: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ op: op('setLinks'), pick, side: fc.boolean(), mask }) },
);

const flushes = fc.oneof(
  { weight: 6, arbitrary: fc.record({ op: op('flush') }) },
  { weight: 3, arbitrary: fc.record({ op: op('failingFlush'), at: fc.nat(7) }) },
);

const ends = fc.record({ op: op('revert', 'reload') });

const withTransactions = (depth: number): fc.Arbitrary<Edit> =>
  depth === 0
    ? fc.oneof({ weight: 5, arbitrary: plainEdit }, { weight: 1, arbitrary: flushes })
    : fc.oneof(
        { weight: 20, arbitrary: plainEdit },
        { weight: 6, arbitrary: flushes },
        { weight: 1, arbitrary: ends },
        {
          weight: 1,
          arbitrary: fc.record({
            op: op('transaction'),
            edits: fc.array(withTransactions(depth - 1), { maxLength: 8 }),
            commits: fc.boolean(),
          }),
        },
      );

/** Sequences of edits, transactions within transactions included. */
export const sequences: fc.Arbitrary<readonly Edit[]> = fc.array(withTransactions(2), {
  minLength: 1,
  maxLength: 60,
  size: 'max',
});
