import type { Codec } from './codec.ts';
import { textualCodec } from './textual.ts';

/** Days of the calendar as `YYYY-MM-DD`, years 0001 to 9999, without any time zone. */
export const dateCodec: Codec = /* @__PURE__ */ textualCodec('a date as YYYY-MM-DD', (text) =>
  isDate(text) ? text : undefined,
);

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < '0001') return false;
  // The parser of ECMAScript takes 31 February for a day in March on some engines, so the day has to come back.
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
