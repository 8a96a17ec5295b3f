import { Entity, enumeration, integer, json } from '../../../src/index.ts';

/** What a record holds besides. */
export interface Extra {
  tracks: { title: string; seconds?: number }[];
  marks: { deep?: unknown; a?: unknown; b?: unknown };
  note?: string | null;
}

/** A row of enum and JSON columns. */
export class Release extends Entity('releases', {
  id: integer().primaryKey().generated(),
  format: enumeration('cd', 'lp', "it's"),
  state: enumeration('new', 'used').default('new'),
  grade: enumeration('good', 'bad').nullable(),
  extra: json<Extra>().default({ tracks: [], marks: {} }),
  loose: json<unknown>().nullable(),
}) {}

export const records = [Release] as const;
