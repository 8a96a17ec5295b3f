import type { Codec } from './codec.ts';
import type { ColumnType } from './column-type.ts';
import { textualCodec } from './textual.ts';

/**
 * Exact decimal numbers as strings: `-12.50`. They are stored with exactly `scale` digits after the point, so `12.5` is
 * taken and comes back as `12.50`; a number with more digits than the column has is refused, never rounded. Numbers of
 * JavaScript are refused, because they are seldom the decimal they look like.
 */
export function decimalCodec({ precision, scale }: ColumnType & { readonly name: 'decimal' }): Codec {
  const expected = `a decimal number as a string, with at most ${precision - scale} digits before and ${scale} after the point`;
  return textualCodec(expected, (text) => {
    const [, sign, digitsBefore = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
    // In two steps: one expression that also skips the zeros takes quadratic time for many of them.
    const whole = digitsBefore.replace(/^0+(?=\d)/, '');
    const rest = fraction.slice(scale);
    if (whole === '' || (whole !== '0' && whole.length > precision - scale) || /[^0]/.test(rest)) return undefined;
    const digits = `${whole}${scale > 0 ? '.' : ''}${fraction.slice(0, scale).padEnd(scale, '0')}`;
    return /[1-9]/.test(digits) ? `${sign}${digits}` : digits;
  });
}
