import type { RowBounds } from '../ast/query-node.ts';
import { ValidationError } from '../errors.ts';

/**
 * Which rows of a window count for a row, by their distance from it in the order of the window: -2 is the second row
 * before it, 0 the row itself, 1 the next one; from the `start` of the window, up to its `end`.
 */
export interface RowFrame {
  readonly from: number | 'start';
  readonly to: number | 'end';
}

/** Throws `validation` for distances that are no whole numbers, and for a frame that ends before it begins. */
export function rowBounds(frame: RowFrame): RowBounds {
  if (typeof frame !== 'object' || frame === null) throw new ValidationError('a frame is { from, to }');
  const [from, to] = [distance(frame.from, 'start'), distance(frame.to, 'end')];
  if (from !== null && to !== null && from > to)
    throw new ValidationError('a frame ends where it begins, or behind it');
  return { from, to };
}

// No engine counts further than this.
const FURTHEST = 2 ** 31 - 1;

function distance(given: number | string, unbounded: string): number | null {
  if (given === unbounded) return null;
  if (typeof given === 'number' && Number.isInteger(given) && Math.abs(given) <= FURTHEST) return given;
  throw new ValidationError(`a frame goes from 'start' or a whole number of rows to 'end' or a whole number of rows`);
}
