import { type } from 'arktype';
import * as v from 'valibot';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { Column, Mapped } from '../../src/decorators.ts';
import {
  bigint,
  bytes,
  type Column as ColumnOf,
  date,
  datetime,
  decimal,
  Entity,
  float,
  type Generated,
  integer,
  json,
  text,
  type ValidationError,
  type ValidationProblem,
} from '../../src/index.ts';
import {
  dayRange,
  decimalRange,
  maxLength,
  minLength,
  oneOf,
  pattern,
  range,
  satisfies,
  schema,
} from '../../src/validation/index.ts';

test('checks fit the values of their column, and leave its type as it is', () => {
  expectTypeOf(text().check(minLength(1), maxLength(9), pattern(/a/))).toEqualTypeOf<ColumnOf<string>>();
  expectTypeOf(text().nullable().check(minLength(1))).toEqualTypeOf<ColumnOf<string | null, true>>();
  text({ values: ['a', 'b'] }).check(oneOf(['a']));
  bytes().check(maxLength(9));
  integer().check(range({ min: 1 }), oneOf([1, 2]));
  float().check(range({ max: 0.5 }));
  bigint().check(range({ min: 0n }));
  datetime().check(range({ min: new Date() }));
  date().check(dayRange({ min: '2020-01-01' }));
  decimal({ precision: 4, scale: 2 }).check(decimalRange({ max: '1' }));
  integer().check(satisfies((value) => value % 2 === 0, 'odd'));
  integer().check(satisfies(async (value) => value % 2 === 0, 'odd'));
});

test('checks of other values are refused', () => {
  // @ts-expect-error a text has no range
  text().check(range({ min: 1 }));
  // @ts-expect-error a number has no length
  integer().check(minLength(1));
  // @ts-expect-error a number matches no pattern
  float().check(pattern(/a/));
  // @ts-expect-error numbers are no bigints
  bigint().check(range({ min: 0 }));
  // @ts-expect-error an instant is no number
  datetime().check(range({ min: 0 }));
  // @ts-expect-error texts are no numbers
  text().check(oneOf([1]));
  // @ts-expect-error a number has no such property
  integer().check(satisfies((value) => value.length > 0, 'short'));
  // @ts-expect-error a function is no check
  text().check((value: string) => value !== '');
});

test('schemas take what the column holds', () => {
  text().check(schema(z.email()), schema(v.pipe(v.string(), v.minLength(1))), schema(type('string.email')));
  json<{ theme: string }>().check(schema(z.object({ theme: z.string() })));
  // @ts-expect-error a schema of numbers
  text().check(schema(z.number()));
  // @ts-expect-error of another shape
  json<{ theme: string }>().check(schema(z.object({ colour: z.string() })));
  // @ts-expect-error no schema
  text().check(schema({}));
});

test('checks of an entity see its columns', () => {
  const columns = { id: integer().primaryKey().generated(), first: integer(), last: integer() };
  Entity('spans', columns, {
    checks: [satisfies(({ first, last }) => first <= last, 'ends before it begins', ['last'])],
  });
  Entity('spans', columns, { checks: [schema(z.object({ first: z.number() }))] });
  // @ts-expect-error no such column
  Entity('spans', columns, { checks: [schema(z.object({ middle: z.number() }))] });
  // @ts-expect-error no such column
  Entity('spans', columns, { checks: [satisfies(({ middle }) => middle > 0, 'wrong')] });

  @Mapped('notes', { checks: [satisfies((note: Note) => note.body !== '', 'empty')] })
  class Note {
    @Column(integer().primaryKey().generated()) id!: Generated<number>;
    @Column(text().check(minLength(1))) body!: string;
  }
  expectTypeOf<Note['body']>().toEqualTypeOf<string>();
});

test('the error tells entity, key and path', () => {
  const { problems } = {} as ValidationError;
  expectTypeOf(problems).toEqualTypeOf<readonly ValidationProblem[]>();
  expectTypeOf<ValidationProblem['path']>().toEqualTypeOf<readonly (string | number)[]>();
});
