import { sqljs } from '../../../adapters/sqljs/index.ts';
import {
  bigint,
  boolean,
  bytes,
  createPersistence,
  date,
  datetime,
  decimal,
  Embeddable,
  Entity,
  embedded,
  float,
  integer,
  json,
  manyToOne,
  oneToMany,
  type Persistence,
  PersistenceError,
  text,
  uuid,
} from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';

export class Maker extends Entity('makers', { id: integer().primaryKey().generated(), name: text() }) {
  wares = oneToMany(
    () => Ware,
    (ware) => ware.maker,
  );
}

class Size extends Embeddable({ width: integer(), unit: text().nullable() }) {}

/** An entity with a column of every type. */
export class Ware extends Entity('wares', {
  id: integer().primaryKey().generated(),
  name: text(),
  amount: integer(),
  sold: bigint().default(0n),
  price: decimal({ precision: 9, scale: 2 }).default('1.00'),
  weight: float().nullable(),
  madeAt: datetime().nullable(),
  day: date().nullable(),
  code: uuid().nullable(),
  tags: json<unknown>().nullable(),
  scan: bytes().nullable(),
  isNew: boolean().default(true),
  size: embedded(Size).nullable(),
}) {
  maker = manyToOne(() => Maker);
}

/** A class that no database of these tests has. */
export class Stranger extends Entity('strangers', { id: integer().primaryKey() }) {}

/** Two makers; three wares of the first: `a`, `b`, `c` with the amounts 1, 2, 3. */
export async function openShop(): Promise<Persistence> {
  const db = await createPersistence({ driver: sqljs(), entities: [Maker, Ware] });
  await createSchema(db);
  const em = db.em();
  const maker = em.create(Maker, { name: 'Ada' });
  em.create(Maker, { name: 'Bob' });
  for (const [index, name] of ['a', 'b', 'c'].entries()) {
    const madeAt = new Date(Date.UTC(2024, 0, index + 1));
    em.create(Ware, { name, amount: index + 1, maker, madeAt, scan: new Uint8Array([index]), tags: { at: index } });
  }
  await em.flush();
  return db;
}

/** The error that a query, or its making, is refused with; it has to be one of ours. */
export async function refusal(work: () => unknown): Promise<PersistenceError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof PersistenceError) return error;
    throw new Error('refused without a type', { cause: error });
  }
  throw new Error('nothing was refused');
}
