import type { Subject } from '../conformance/subject.ts';

/** 4714-11-24 BC, before which PostgreSQL has no instants. */
const EARLIEST = Date.UTC(-4713, 10, 24);

/** What PostgreSQL cannot hold: NUL in texts, and instants before its calendar. */
export const refusedByPostgres: NonNullable<Subject['refuses']> = (type, value) => {
  if (type === 'text') return String(value).includes('\0');
  if (type === 'json') return JSON.stringify(value).includes('\\u0000');
  return value instanceof Date && value.getTime() < EARLIEST;
};
