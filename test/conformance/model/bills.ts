import { datetime, Entity, integer, manyToMany, manyToOne, oneToMany, subtype, text } from '../../../src/index.ts';

/** Columns that the database computes, and instants of the insert and of the last update. */
export class Bill extends Entity('bills', {
  id: integer().primaryKey().generated(),
  price: integer(),
  amount: integer().databaseDefault('2'),
  total: integer().generatedAs('price * amount'),
  note: text({ maxLength: 50 }).nullable(),
  label: text({ maxLength: 60 })
    .nullable()
    .generatedAs({ sqlite: "'#' || note", postgres: "'#' || note", mysql: "concat('#', note)" }),
  createdAt: datetime().defaultNow(),
  updatedAt: datetime().onUpdateNow(),
}) {
  customer = manyToOne(() => Customer, { nullable: true });
  marks = manyToMany(() => Mark, { through: 'bill_marks' });
}

/** The same beside a version. */
export class Receipt extends Entity('receipts', {
  id: integer().primaryKey(),
  cents: integer(),
  euros: integer().generatedAs('cents / 100'),
  touched: datetime().nullable().default(null),
  changedAt: datetime().onUpdateNow(),
  version: integer().version(),
}) {}

export class Customer extends Entity('customers', { id: integer().primaryKey(), name: text() }) {
  bills = oneToMany(
    () => Bill,
    (bill) => bill.customer,
  );
}

export class Mark extends Entity('marks', { id: integer().primaryKey() }) {}

/** Computed columns of classes that share a table. */
export class Shape extends Entity('shapes', {
  id: integer().primaryKey().generated(),
  width: integer(),
  double: integer().generatedAs('width * 2'),
  changedAt: datetime().onUpdateNow(),
}) {}
export class Box extends subtype(Shape, 'box', {
  height: integer(),
  area: integer().generatedAs('width * height'),
}) {}

export const bills = [Bill, Receipt, Customer, Mark, Shape, Box] as const;
