import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Entity, integer, manyToOne } from '../../../src/index.ts';
import type { RelationMetadata } from '../../../src/metadata/entity-metadata.ts';
import type { InsertRecord } from '../../../src/unit-of-work/flush-plan.ts';
import { orderRecords } from '../../../src/unit-of-work/order-records.ts';
import { registryOf } from '../../support/registry-of.ts';

class Row extends Entity('rows', { id: integer().primaryKey().generated() }) {
  required = manyToOne(() => Row);
  optional = manyToOne(() => Row, { nullable: true });
}

const registry = registryOf(Row);
const meta = registry.get(Row);

/** Which rows each row refers to, by number; `required` first. */
interface Links {
  readonly required: number | null;
  readonly optional: number | null;
}

function columnOf(property: string): number {
  const relation = meta.relations.get(property) as RelationMetadata;
  return relation.columns[0]?.index as number;
}

function makeRecords(links: readonly Links[]): InsertRecord[] {
  const records = links.map(
    (): InsertRecord => ({ entity: {}, meta, row: [null, null, null], absent: [], references: [] }),
  );
  for (const [place, { required, optional }] of links.entries()) {
    for (const [property, target] of [
      ['required', required],
      ['optional', optional],
    ] as const) {
      const record = target === null ? undefined : records[target];
      if (record !== undefined)
        records[place]?.references.push({ index: columnOf(property), target: record.row, source: 0 });
    }
  }
  return records;
}

/** Whether each reference that was not postponed is to a row before, or to the row itself. */
function isValidOrder(records: readonly InsertRecord[]): boolean {
  const places = new Map<unknown, number>(records.map((record, place) => [record.row, place]));
  return records.every((record, place) =>
    record.references.every(({ target }) => (places.get(target) ?? Number.POSITIVE_INFINITY) <= place),
  );
}

/** Whether the required references alone have a circle, other than of a row with itself. */
function hasRequiredCircle(links: readonly Links[]): boolean {
  return links.some((_, start) => {
    let current: number | null = start;
    for (let step = 0; step <= links.length; step += 1) {
      const next: number | null = links[current]?.required ?? null;
      if (next === null || next === current) return false;
      current = next;
    }
    return true;
  });
}

const graphs = fc.integer({ min: 1, max: 12 }).chain((size) => {
  const target = fc.option(fc.integer({ min: 0, max: size - 1 }));
  return fc.array(fc.record({ required: target, optional: target }), { minLength: size, maxLength: size });
});

describe('the order of new rows', () => {
  it('is valid for every graph that has one, and otherwise names the circle', () => {
    fc.assert(
      fc.property(graphs, (links) => {
        const records = makeRecords(links);
        if (hasRequiredCircle(links)) {
          expect(() => orderRecords(records, true)).toThrow(/rows -> rows/);
          return;
        }
        const total = records.flatMap(({ references }) => references).length;
        const order = orderRecords(records, true);
        expect(new Set(order.records)).toEqual(new Set(records));
        expect(order.records).toHaveLength(records.length);
        expect(isValidOrder(order.records)).toBe(true);
        const kept = order.records.flatMap(({ references }) => references).length;
        expect(kept + order.deferred.length).toBe(total);
        expect(order.deferred.every(({ reference }) => reference.index === columnOf('optional'))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('postpones nothing where no reference closes a circle', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 30 }), (picks) => {
        // Each row refers to earlier ones only; the rows come shuffled.
        const links = picks.map(
          ([a, b], place): Links =>
            place === 0 ? { required: null, optional: null } : { required: a % place, optional: b % place },
        );
        const records = makeRecords(links);
        const shuffled = records
          .map((record, place) => ({ record, rank: (place * 7919) % 31 }))
          .sort((a, b) => a.rank - b.rank);
        const order = orderRecords(
          shuffled.map(({ record }) => record),
          true,
        );
        expect(order.deferred).toEqual([]);
        expect(isValidOrder(order.records)).toBe(true);
      }),
    );
  });

  it('keeps the order of rows that do not depend on each other', () => {
    const records = makeRecords(Array.from({ length: 100 }, () => ({ required: null, optional: null })));
    expect(orderRecords(records, true).records).toEqual(records);
  });

  it('postpones one reference for each circle, and none of a row that only waits for it', () => {
    const [waiting, first, second] = makeRecords([
      { required: null, optional: 1 },
      { required: null, optional: 2 },
      { required: 1, optional: null },
    ]) as [InsertRecord, InsertRecord, InsertRecord];
    const { records, deferred } = orderRecords([waiting, first, second], true);
    expect(deferred.map(({ record }) => record === first)).toEqual([true]);
    expect(records.map((record) => [waiting, first, second].indexOf(record)).join()).toMatch(/^1,(0,2|2,0)$/);
  });

  it('goes down a chain of a hundred thousand rows', () => {
    const size = 100_000;
    const records = makeRecords(
      Array.from({ length: size }, (_, n) => ({ required: n + 1 < size ? n + 1 : null, optional: null })),
    );
    const order = orderRecords(records, true);
    expect(order.records[0] === records.at(-1)).toBe(true);
    expect(order.records.at(-1) === records[0]).toBe(true);
  });

  it('leaves a reference of a row to itself in place', () => {
    const [self] = makeRecords([{ required: 0, optional: 0 }]) as [InsertRecord];
    const order = orderRecords([self], true);
    expect([order.deferred, self.references.length]).toEqual([[], 2]);
  });

  it('postpones a reference of a row to itself where its key is known only after the insert', () => {
    const [self] = makeRecords([{ required: null, optional: 0 }]) as [InsertRecord];
    const order = orderRecords([self], false);
    expect(order.deferred.map(({ record, reference }) => [record === self, reference.target === self.row])).toEqual([
      [true, true],
    ]);
    expect(self.references).toEqual([]);
    const [needed] = makeRecords([{ required: 0, optional: null }]) as [InsertRecord];
    expect(() => orderRecords([needed], false)).toThrow(/rows -> rows/);
  });
});
