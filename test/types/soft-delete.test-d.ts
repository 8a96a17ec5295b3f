import { expectTypeOf, test } from 'vitest';
import { Entity, type EntityManager, integer, query, softDelete } from '../../src/index.ts';

class Note extends Entity('notes', { id: integer().primaryKey(), deletedAt: softDelete() }) {}
declare const em: EntityManager;
declare const note: Note;

test('a removal is an instant or null, which nobody has to give', () => {
  expectTypeOf(note.deletedAt).toEqualTypeOf<Date | null>();
  em.create(Note, { id: 1 });
  // @ts-expect-error a number is no instant
  note.deletedAt = 5;
});

test('removed rows are asked for by name', () => {
  em.find(Note, {}, { withDeleted: true });
  em.findOne(Note, {}, { withDeleted: true });
  em.findById(Note, 1, { withDeleted: true });
  em.count(Note, {}, { withDeleted: true });
  em.exists(Note, {}, { withDeleted: true });
  query(Note, {}, { withDeleted: true });
  em.purge(note, note);
  // @ts-expect-error not a boolean
  em.find(Note, {}, { withDeleted: 'yes' });
  // @ts-expect-error purge takes entities
  em.purge(1);
});
