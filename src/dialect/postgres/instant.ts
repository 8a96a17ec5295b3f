const PATTERN =
  /^(\d{4,6})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d)(?::?(\d\d))?(?::?(\d\d))?)( BC)?$/;

/**
 * Milliseconds since 1970 of an instant as PostgreSQL writes it in the ISO style, in any time zone, BC included; NaN for
 * anything else, `infinity` among it. Microseconds are cut off.
 */
export function parseInstant(text: string): number {
  const fast = parseCommon(text);
  return Number.isNaN(fast) ? parseAny(text) : fast;
}

/** An instant as PostgreSQL reads it, whatever time zone and style the session has. */
export function instantText(date: Date): string {
  const iso = date.toISOString();
  const year = date.getUTCFullYear();
  if (year >= 1 && year <= 9999) return iso;
  const rest = iso.slice(iso.indexOf('-', 1));
  return year > 0 ? `${year}${rest}` : `${String(1 - year).padStart(4, '0')}${rest} BC`;
}

// Nearly all texts look like 2024-01-31 12:00:00.123+00 or 2024-01-31T12:00:00.123Z, and this is read for each value of
// each row, so it is done without a regular expression.
function parseCommon(text: string): number {
  const year = pair(text, 0) * 100 + pair(text, 2);
  const separator = text.charCodeAt(10);
  if (text.charCodeAt(4) !== MINUS || (separator !== SPACE && separator !== LETTER_T) || year < 100) return Number.NaN;
  let end = 19;
  let fraction = 0;
  if (text.charCodeAt(19) === DOT) {
    let unit = 100;
    for (end = 20; isDigit(text.charCodeAt(end)); end += 1) {
      fraction += unit >= 1 ? (text.charCodeAt(end) - ZERO) * unit : 0;
      unit /= 10;
    }
  }
  const rest = text.length - end;
  const utc = rest === 1 ? text.charCodeAt(end) === LETTER_Z : rest === 3 && text.endsWith('+00');
  if (!utc) return Number.NaN;
  return Date.UTC(year, pair(text, 5) - 1, pair(text, 8), pair(text, 11), pair(text, 14), pair(text, 17), fraction);
}

const ZERO = 48;
const SPACE = 32;
const MINUS = 45;
const DOT = 46;
const LETTER_T = 84;
const LETTER_Z = 90;

/** The number that two digits make, NaN where they are none. */
function pair(text: string, place: number): number {
  const [tens, ones] = [text.charCodeAt(place), text.charCodeAt(place + 1)];
  return isDigit(tens) && isDigit(ones) ? (tens - ZERO) * 10 + ones - ZERO : Number.NaN;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= ZERO + 9;
}

function parseAny(text: string): number {
  const match = PATTERN.exec(text);
  if (match === null) return Number.NaN;
  const [, years, month, day, hour, minute, second, fraction = '', sign, hours, minutes, seconds, bc] = match;
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for those of the 20th century.
  date.setUTCFullYear(bc === undefined ? Number(years) : 1 - Number(years), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.padEnd(3, '0').slice(0, 3)));
  const offset = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0);
  return date.getTime() - (sign === '-' ? -offset : offset) * 1000;
}
