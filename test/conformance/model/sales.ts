import {
  bigint,
  boolean,
  datetime,
  decimal,
  Embeddable,
  Entity,
  embedded,
  float,
  integer,
  manyToOne,
  softDelete,
  subtype,
  text,
} from '../../../src/index.ts';

/** Where something is delivered. */
export class Place extends Embeddable({ street: text(), city: text() }) {}

/** A sale: every type that a query computes with, an embedded value, a version, and a row that stays when it is removed. */
export class Sale extends Entity('sales', {
  id: integer().primaryKey().generated(),
  price: decimal({ precision: 10, scale: 2 }),
  discount: decimal({ precision: 6, scale: 3 }).nullable(),
  amount: integer(),
  weight: float().nullable(),
  serial: bigint(),
  paid: boolean(),
  soldAt: datetime(),
  place: embedded(Place),
  changedAt: datetime().onUpdateNow(),
  removedAt: softDelete(),
  version: integer().version(),
}) {
  seller = manyToOne(() => Seller, { nullable: true });
}

/** Who sells; a hierarchy. */
export class Seller extends Entity('sellers', { id: integer().primaryKey(), name: text() }) {}
export class Agent extends subtype(Seller, 'agent', { region: text() }) {}

export const sales = [Sale, Seller, Agent] as const;
