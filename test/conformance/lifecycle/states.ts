import { expect } from 'vitest';
import type { EntityManager, Persistence } from '../../../src/index.ts';
import { sql } from '../../../src/index.ts';
import type { Laws } from '../laws.ts';
import { documents, Person } from '../model/documents.ts';
import type { Subject } from '../subject.ts';

/** The states of an entity, and how one comes into each. Person 1 is in the table. */
export const states: Readonly<Record<string, (em: EntityManager) => Promise<Person>>> = {
  transient: async () => new Person({ id: 9, name: 'new' }),
  pending: async (em) => em.create(Person, { id: 9, name: 'new' }),
  persistent: async (em) => (await em.findById(Person, 1)) as Person,
  deleted: async (em) => {
    const person = (await em.findById(Person, 1)) as Person;
    em.remove(person);
    return person;
  },
  detached: async (em) => {
    const person = (await em.findById(Person, 1)) as Person;
    em.detach(person);
    return person;
  },
};

class Stop extends Error {}

/** What can be done to an entity; what it gives is shown behind the state. */
export const operations: Readonly<
  Record<string, (em: EntityManager, person: Person, db: Persistence) => Promise<unknown>>
> = {
  persist: async (em, person) => em.persist(person),
  remove: async (em, person) => em.remove(person),
  flush: (em) => em.flush(),
  refresh: (em, person) => em.refresh(person),
  detach: async (em, person) => em.detach(person),
  clear: async (em) => em.clear(),
  contains: async (em, person) => String(em.contains(person)),
  merge: async (em, person) => {
    const merged = await em.merge(person);
    return merged === person ? 'itself' : `another, ${em.stateOf(merged)}`;
  },
  assign: async (em, person) => {
    em.assign(person, { name: 'assigned' });
    expect(person.name).toBe('assigned');
  },
  revert: async (em, person) => em.revert(person),
  'flush, then rollback': async (em) => {
    const failing = em.transaction(async (tx) => {
      await tx.flush();
      throw new Stop();
    });
    await expect(failing).rejects.toBeInstanceOf(Stop);
  },
  'flush that fails': async (em, person, db) => {
    // Somebody else has taken the key, and somebody refers to the row.
    await db.em().execute(sql`INSERT INTO persons (id, name) VALUES (8, ${'other'})`, { writes: ['persons'] });
    em.create(Person, { id: 8, name: 'clash' });
    await expect(em.flush()).rejects.toMatchObject({ code: 'unique-violation' });
    expect(person.id).toBeGreaterThan(0);
  },
};

/** The state after each operation, or the code of its error; what the operation gives stands in brackets. */
export const transitions: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  persist: {
    transient: 'pending',
    pending: 'pending',
    persistent: 'persistent',
    deleted: 'persistent',
    detached: '`validation`',
  },
  remove: {
    transient: '`validation`',
    pending: 'transient',
    persistent: 'deleted',
    deleted: 'deleted',
    detached: '`validation`',
  },
  flush: {
    transient: 'transient',
    pending: 'persistent',
    persistent: 'persistent',
    deleted: 'detached',
    detached: 'detached',
  },
  refresh: {
    transient: '`validation`',
    pending: '`validation`',
    persistent: 'persistent',
    deleted: 'persistent',
    detached: '`validation`',
  },
  detach: {
    transient: 'transient',
    pending: 'transient',
    persistent: 'detached',
    deleted: 'detached',
    detached: 'detached',
  },
  clear: {
    transient: 'transient',
    pending: 'transient',
    persistent: 'detached',
    deleted: 'detached',
    detached: 'detached',
  },
  contains: {
    transient: 'transient (false)',
    pending: 'pending (true)',
    persistent: 'persistent (true)',
    deleted: 'deleted (true)',
    detached: 'detached (false)',
  },
  merge: {
    transient: 'transient (another, pending)',
    pending: 'pending (itself)',
    persistent: 'persistent (itself)',
    deleted: 'deleted (itself)',
    detached: 'detached (another, persistent)',
  },
  assign: {
    transient: 'transient',
    pending: 'pending',
    persistent: 'persistent',
    deleted: 'deleted',
    detached: 'detached',
  },
  revert: {
    transient: 'transient',
    pending: 'transient',
    persistent: 'persistent',
    deleted: 'persistent',
    detached: 'detached',
  },
  'flush, then rollback': {
    transient: 'transient',
    pending: 'pending',
    persistent: 'persistent',
    deleted: 'deleted',
    detached: 'detached',
  },
  'flush that fails': {
    transient: 'transient',
    pending: 'pending',
    persistent: 'persistent',
    deleted: 'deleted',
    detached: 'detached',
  },
};

async function play(db: Persistence, state: string, operation: string): Promise<string> {
  const em = db.em();
  const person = await (states[state] as (em: EntityManager) => Promise<Person>)(em);
  expect(em.stateOf(person)).toBe(state);
  try {
    const given = await operations[operation]?.(em, person, db);
    return `${em.stateOf(person)}${given === undefined ? '' : ` (${given})`}`;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === undefined) throw error;
    expect(em.stateOf(person), 'an error leaves the state as it was').toBe(state);
    return `\`${code}\``;
  }
}

async function checkRow(subject: Subject, operation: string): Promise<void> {
  const observed: Record<string, string> = {};
  for (const state of Object.keys(states)) {
    const db = await subject.open(documents);
    const setUp = db.em();
    setUp.create(Person, { id: 1, name: 'first' });
    await setUp.flush();
    observed[state] = await play(db, state, operation);
    await db.close();
  }
  expect(observed).toEqual(transitions[operation]);
}

/** One law for each row of the table. */
export const transitionLaws: Laws = Object.fromEntries(
  Object.keys(operations).map((operation) => [
    `${operation} takes an entity of each state where the table says`,
    {
      // A transaction that is one batch at its end has nothing to roll back before.
      requires: ({ interactive }: Subject['capabilities']) =>
        operation !== 'flush, then rollback' || interactive !== 'none',
      check: (subject: Subject) => checkRow(subject, operation),
    },
  ]),
);
