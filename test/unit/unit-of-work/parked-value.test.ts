import { describe, expect, it } from 'vitest';
import {
  bigint,
  boolean,
  bytes,
  type Column,
  date,
  datetime,
  decimal,
  Entity,
  float,
  integer,
  json,
  manyToOne,
  text,
  uuid,
} from '../../../src/index.ts';
import type { ColumnMetadata } from '../../../src/metadata/entity-metadata.ts';
import { canPark, parkedValue } from '../../../src/unit-of-work/parked-value.ts';
import { registryOf } from '../../support/registry-of.ts';

class Target extends Entity('targets', { id: integer().primaryKey() }) {}

function columnOf(column: Column<never>): ColumnMetadata {
  class Thing extends Entity('things', { id: integer().primaryKey(), value: column }) {}
  return registryOf(Thing).get(Thing).properties.get('value') as ColumnMetadata;
}

const parkable = {
  integer: integer(),
  bigint: bigint(),
  float: float(),
  'wide decimal': decimal({ precision: 20, scale: 4 }),
  text: text(),
  'text of a UUID': text({ maxLength: 36 }),
  'short text': text({ maxLength: 5 }),
  'text of one character': text({ maxLength: 1 }),
  uuid: uuid(),
  bytes: bytes(),
  datetime: datetime(),
  date: date(),
};
const unparkable = {
  boolean: boolean(),
  'text of few values': text({ values: ['a', 'b'] }),
  'narrow decimal': decimal({ precision: 4, scale: 2 }),
  json: json<string>(),
  'a version': integer().version(),
};

describe('A value for the time between two statements', () => {
  it.each(Object.entries(parkable))('%s: one that the column takes and that differs each time', (_, column) => {
    const metadata = columnOf(column as never);
    const values = Array.from({ length: 50 }, () => parkedValue(metadata));
    for (const value of values) {
      expect(value).not.toBeNull();
      // What the codec takes back as the same value is a value of the column.
      expect(metadata.codec.encode(metadata.codec.decode(value as never))).toEqual(value);
    }
    expect(new Set(values.map(String)).size).toBeGreaterThan(45);
  });

  it.each(Object.entries(unparkable))('%s: none', (_, column) => {
    expect(canPark(columnOf(column as never))).toBe(false);
  });

  it('is NULL where that is allowed, of whatever type', () => {
    for (const column of [boolean(), text({ values: ['a'] }), integer()]) {
      expect(parkedValue(columnOf(column.nullable() as never))).toBeNull();
    }
  });

  it('is there for a foreign key only where it may be NULL', () => {
    class Source extends Entity('sources', { id: integer().primaryKey() }) {
      must = manyToOne(() => Target);
      may = manyToOne(() => Target, { nullable: true });
    }
    const { relations } = registryOf(Source, Target).get(Source);
    const [must, may] = ['must', 'may'].map((name) => relations.get(name)?.columns[0] as ColumnMetadata);
    expect([canPark(must as ColumnMetadata), canPark(may as ColumnMetadata)]).toEqual([false, true]);
  });
});
