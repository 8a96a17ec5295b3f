const whole = new Intl.NumberFormat('en');
const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });
const moment = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });

/** 12345 -> `12,345`. */
export const formatCount = (count: number): string => whole.format(count);

/** `1 album`, `2 albums`, with thousands separated. */
export const formatAmount = (count: number, noun: string): string =>
  `${whole.format(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A day, such as `Nov 20, 2026`. */
export const formatDay = (date: Date): string => day.format(date);

/** A day and time, such as `Nov 20, 2026, 11:04 PM`. */
export const formatMoment = (date: Date): string => moment.format(date);

/** Seconds as `3:07`, or `1:02:05` from an hour on. */
export function formatDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** `3:07` or `1:02:05` or `187` as seconds, or null where it is none of these. */
export function parseDuration(text: string): number | null {
  if (!/^\d{1,4}(:[0-5]?\d){0,2}$/.test(text.trim())) return null;
  return text
    .trim()
    .split(':')
    .reduce((total, part) => total * 60 + Number(part), 0);
}

/** Milliseconds with as many digits as say something: `0.12 ms`, `3.4 ms`, `1,250 ms`. */
export function formatMs(ms: number): string {
  const digits = ms < 1 ? 2 : ms < 10 ? 1 : 0;
  return `${ms.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })} ms`;
}

/** Bytes as `812 B`, `1.4 MB`; powers of 1,000. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const step = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${value.toLocaleString('en', { maximumFractionDigits: step === 0 || value >= 100 ? 0 : 1 })} ${units[step]}`;
}
