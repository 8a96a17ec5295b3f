import { describe, expect, it } from 'vitest';
import { printEntities, RESERVED_CLASS_NAMES } from '../../../cli/print-entities/print-entities.ts';
import { createPersistence, type Driver } from '../../../src/index.ts';
import { draftEntities, type EntitiesDraft, planMigration } from '../../../src/migration/index.ts';
import { checkExamples } from '../../docs/check-examples.ts';
import { loadSource } from './load-source.ts';
import { roundTripRows, type Samples } from './round-trip.ts';

/** A database whose tables entities are generated of. */
export interface DraftedDatabase {
  readonly name: string;
  /** Creates the tables in a new database; a driver of it. */
  readonly open: () => Promise<Driver>;
  readonly samples: Samples;
  /** Looks at what was drafted. */
  readonly expectDraft: (draft: EntitiesDraft) => void;
}

const NOT_ASKED = { formerTable: () => null, formerColumn: () => null, fill: () => null };

/** Entities that are generated of a database type-check, ask for nothing that it has not, and carry its rows. */
export function entityLaws({ name, open, samples, expectDraft }: DraftedDatabase): void {
  describe(`entities of ${name}`, () => {
    it('say all that an entity can', async () => {
      await using db = await createPersistence({ driver: await open(), entities: [] });
      const draft = await draftEntities(db, { reserved: RESERVED_CLASS_NAMES });
      expect(draft.differences).toEqual([]);
      expectDraft(draft);
    });

    it.each(['classes', 'decorators'] as const)('as %s type-check, differ in nothing, and carry rows', async (form) => {
      const driver = await open();
      const empty = await createPersistence({ driver, entities: [] });
      const draft = await draftEntities(empty, { reserved: RESERVED_CLASS_NAMES });
      const source = printEntities(draft, form);
      expect(checkExamples([{ place: `${form}.ts:1`, code: source, runs: false }], []), source).toEqual([]);
      const classes = await loadSource(source);
      await using db = await createPersistence({ driver, entities: classes });
      const plan = await planMigration(db, NOT_ASKED);
      expect(plan.up.changes, source).toEqual([]);
      expect(plan.down.changes).toEqual([]);
      await roundTripRows(db, draft, classes, samples);
    });
  });
}
