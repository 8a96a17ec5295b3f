import { date, datetime, decimal, Entity, integer, json, manyToOne, oneToMany, text } from '../../../src/index.ts';
import {
  dayRange,
  decimalRange,
  minLength,
  oneOf,
  pattern,
  range,
  type StandardSchema,
  satisfies,
  schema,
} from '../../../src/validation/index.ts';

/** What the schema below waits for. */
export const pace: { wait: () => Promise<void> } = { wait: () => Promise.resolve() };

/** A schema as any library could make it, that answers later: of settings whose theme is known. */
const knownTheme: StandardSchema<{ theme: string }> = {
  '~standard': {
    version: 1,
    vendor: 'tests',
    async validate(value) {
      const { theme } = value as { theme: string };
      await pace.wait();
      return theme === 'dark' ? {} : { issues: [{ message: 'unknown', path: ['theme'] }] };
    },
  },
};

/** Something with checks of every kind, of columns and of the row. */
export class Machine extends Entity(
  'machines',
  {
    id: integer().primaryKey().generated(),
    name: text({ maxLength: 10 }).check(minLength(2)),
    code: text()
      .nullable()
      .check(pattern(/^[A-Z]+$/)),
    state: text()
      .default('new')
      .check(oneOf(['new', 'old'])),
    power: integer()
      .default(1)
      .check(range({ min: 1, max: 9 })),
    price: decimal({ precision: 10, scale: 2 })
      .default('1.00')
      .check(decimalRange({ min: '0.01' })),
    built: date()
      .nullable()
      .check(dayRange({ min: '2000-01-01' })),
    checkedAt: datetime()
      .nullable()
      .check(range({ min: new Date(0) })),
    settings: json<{ theme: string }>().default({ theme: 'dark' }).check(schema(knownTheme)),
    first: integer().default(1),
    last: integer().default(2),
  },
  { checks: [satisfies(({ first, last }) => first <= last, 'the last comes before the first', ['last'])] },
) {
  parts = oneToMany(
    () => Part,
    (part) => part.machine,
  );
}

/** A part with a key of its own, and without checks. */
export class Part extends Entity('machine_parts', { no: text({ maxLength: 8 }).primaryKey(), weight: integer() }) {
  machine = manyToOne(() => Machine);
}

export const floor = [Machine, Part] as const;
