import { Entity, integer, text } from '../../../src/index.ts';

/** A row whose values the database gives or computes in part, the same ones each time. */
export class Parcel extends Entity('parcels', {
  id: integer().primaryKey().generated(),
  note: text(),
  weight: integer(),
  state: text({ maxLength: 20 }).databaseDefault("'waiting'"),
  shelf: integer().nullable().databaseDefault('3 * 4'),
  double: integer().generatedAs('weight * 2'),
  version: integer().version(),
}) {}

export const parcels = [Parcel] as const;
