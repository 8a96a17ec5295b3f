import { Entity, integer, manyToOne, oneToMany, text } from '../../../src/index.ts';

/** A row that the database fills in part, each with a code of its own. */
export class Ticket extends Entity('tickets', {
  id: integer().primaryKey().generated(),
  note: text(),
  state: text({ maxLength: 20 }).databaseDefault("'open'"),
  rank: integer().databaseDefault('1 + 1'),
  hint: text().nullable().databaseDefault("'none'"),
  code: text({ maxLength: 64 })
    .databaseDefault({ sqlite: 'lower(hex(randomblob(8)))', postgres: 'md5(random()::text)', mysql: 'uuid()' })
    .unique(),
}) {
  stubs = oneToMany(
    () => Stub,
    (stub) => stub.ticket,
    { cascade: ['persist', 'remove'] },
  );
}

/** A row that the database fills, under a key that holds one of the database. */
export class Stub extends Entity('stubs', {
  no: integer().primaryKey(),
  mark: text({ maxLength: 20 }).databaseDefault("'whole'"),
}) {
  ticket = manyToOne(() => Ticket, { primaryKey: true });
}

export const tickets = [Ticket, Stub] as const;
