import type { Subject } from '../conformance/subject.ts';

/** What MySQL cannot hold: instants before the year 1 and after 9999. */
export const refusedByMysql: NonNullable<Subject['refuses']> = (_type, value) =>
  value instanceof Date && !/^\d{4}-/.test(value.toISOString().replace(/^0000/, ''));
