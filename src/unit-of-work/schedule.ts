import { ValidationError } from '../errors.ts';
import type { ColumnMetadata } from '../metadata/entity-metadata.ts';
import type { WireValue } from '../wire/wire-value.ts';
import { NO_REFERENCES } from './flush-plan.ts';
import { change, type Operation, waitFor } from './operation.ts';
import { parkedValue } from './parked-value.ts';

/** How many statements of one kind a chain of values may take before its rows are parked, which takes two in all. */
const MOST_PASSES = 2;

/**
 * Orders operations so that each comes after those that it waits for, in batches that can be one statement each. Where they
 * wait for each other in a circle, or one after the other in a long chain, rows give up what others wait for in a statement
 * before. Throws `validation` that names the circle where nothing can be given up.
 */
export function schedule(operations: readonly Operation[]): (readonly Operation[])[] {
  const batches: (readonly Operation[])[] = [];
  const buckets = new Buckets(operations);
  while (buckets.waiting.size > 0) {
    const bucket = buckets.choose();
    if (bucket === null) {
      if (!buckets.park(buckets.waiting)) refuseCircle(buckets.waiting);
    } else if (bucket.passes < MOST_PASSES || isComplete(bucket) || !buckets.park(bucket.members)) {
      batches.push(buckets.take(bucket));
    }
  }
  return batches;
}

interface Bucket {
  readonly members: Set<Operation>;
  ready: Operation[];
  passes: number;
}

function isComplete({ members, ready }: Bucket): boolean {
  return members.size === ready.length;
}

class Buckets {
  readonly waiting = new Set<Operation>();
  readonly #buckets = new Map<string, Bucket>();

  constructor(operations: readonly Operation[]) {
    for (const operation of operations) this.#add(operation);
  }

  #add(operation: Operation): void {
    this.waiting.add(operation);
    const bucket = this.#bucket(operation);
    bucket.members.add(operation);
    if (operation.waits.size === 0) bucket.ready.push(operation);
  }

  #bucket({ bucket: name }: Operation): Bucket {
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      bucket = { members: new Set(), ready: [], passes: 0 };
      this.#buckets.set(name, bucket);
    }
    return bucket;
  }

  /** What is to be written next: rather all of a kind than a part of it; null where everything waits. */
  choose(): Bucket | null {
    const open = [...this.#buckets.values()].filter(({ ready }) => ready.length > 0);
    return open.find(isComplete) ?? open[0] ?? null;
  }

  /** Takes what is ready of a bucket, and what only waits for rows of the same statement. */
  take(bucket: Bucket): readonly Operation[] {
    const batch = bucket.ready;
    bucket.ready = [];
    bucket.passes += 1;
    for (const operation of batch) {
      this.waiting.delete(operation);
      bucket.members.delete(operation);
      for (const later of operation.next) {
        const joins = later.bucket === operation.bucket && later.waits.get(operation)?.soft === true;
        if (joins && later.waits.delete(operation) && later.waits.size === 0) batch.push(later);
      }
    }
    for (const operation of batch) {
      for (const later of operation.next) {
        if (later.waits.delete(operation) && later.waits.size === 0) this.#bucket(later).ready.push(later);
      }
    }
    return batch;
  }

  /** Makes rows give up what others wait for. Tells whether there was any. */
  park(held: ReadonlySet<Operation>): boolean {
    const parked = [...held].flatMap((operation) => parkOne(operation) ?? []);
    for (const operation of parked) this.#add(operation);
    for (const bucket of this.#buckets.values()) bucket.ready = bucket.ready.filter(({ waits }) => waits.size === 0);
    return parked.length > 0;
  }
}

/** The UPDATE that gives up what others wait for; null where there is nothing of the kind. */
function parkOne(operation: Operation): Operation | null {
  if (operation.kind === 'insert') return null;
  const freed = [...operation.next].filter((later) => later.waits.get(operation)?.parks != null);
  if (freed.length === 0) return null;
  const columns = new Set<ColumnMetadata>(freed.flatMap((later) => later.waits.get(operation)?.parks ?? []));
  const { record } = operation;
  const before = 'before' in record ? record.before : record.row;
  const row: WireValue[] = before.slice();
  for (const column of columns) row[column.index] = parkedValue(column) ?? null;
  const parking = change({
    entity: record.entity,
    meta: record.meta,
    place: -1,
    before,
    row,
    columns: [...columns].sort((a, b) => a.index - b.index),
    references: NO_REFERENCES,
    reason: 'parks',
  });
  // From now on the row is found by what it was given, should that be its key.
  if (operation.kind === 'update') operation.record = { ...operation.record, before: row };
  for (const later of freed) {
    const wait = later.waits.get(operation);
    later.waits.delete(operation);
    operation.next.delete(later);
    if (wait !== undefined) waitFor(later, parking, { ...wait, parks: null });
  }
  waitFor(operation, parking, { soft: false, special: true, parks: null, path: record.meta.table });
  return parking;
}

const NAMED = 20;

// Every waiting operation waits for a waiting one, so that following them must come round.
function refuseCircle(waiting: ReadonlySet<Operation>): never {
  const places = new Map<Operation, number>();
  const paths: string[] = [];
  let current = waiting.values().next().value;
  while (current !== undefined && !places.has(current)) {
    places.set(current, paths.length);
    const [earlier, wait] = current.waits.entries().next().value ?? [];
    paths.push(wait?.path ?? current.record.meta.table);
    current = earlier;
  }
  const circle = current === undefined ? paths : paths.slice(places.get(current));
  const named = [...circle.slice(0, NAMED), circle.length > NAMED ? '…' : circle[0]].join(' -> ');
  throw new ValidationError(
    `the changes of this flush wait for each other in a circle, and no row can give its value up in between: ${named}; write them in two flushes`,
  );
}
