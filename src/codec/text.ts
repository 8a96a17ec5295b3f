import { countCodePoints } from './code-points.ts';
import type { Codec } from './codec.ts';
import type { ColumnType } from './column-type.ts';
import { textualCodec } from './textual.ts';
import { isWellFormed } from './well-formed.ts';

/**
 * Text without lone surrogates, which no engine stores as they are. `maxLength` counts code points, as SQLite's
 * `length()` and the other engines' `varchar(n)` do.
 */
export function textCodec({ maxLength = Infinity, values }: ColumnType & { readonly name: 'text' }): Codec {
  if (values !== undefined) {
    const allowed = new Set(values);
    return textualCodec('one of the declared values', (text) => (allowed.has(text) ? text : undefined));
  }
  const limit = maxLength === Infinity ? '' : ` of at most ${maxLength} characters`;
  return textualCodec(`well-formed text${limit}`, (text) =>
    isWellFormed(text) && (text.length <= maxLength || hasAtMost(text, maxLength)) ? text : undefined,
  );
}

function hasAtMost(text: string, maxLength: number): boolean {
  return text.length <= 2 * maxLength && countCodePoints(text) <= maxLength;
}
