import type { MisfitCase } from './misfit-laws.ts';

const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** What becomes of values of PostgreSQL that get another type. */
export const POSTGRES_MISFITS: readonly MisfitCase[] = [
  { from: 'integer', to: 'bigint', kept: ['2147483647', '-1'], lost: [] },
  { from: 'bigint', to: 'integer', kept: ['2147483647', '-2147483648'], lost: ['2147483648', '-2147483649'] },
  { from: 'bigint', to: 'boolean', kept: ['0', '1'], lost: ['2', '-1'] },
  { from: 'boolean', to: 'bigint', kept: ['true', 'false'], lost: [] },
  { from: 'text', to: 'integer', kept: ["'7'", "'-12'"], lost: ["'abc'", "''", "'1e3'", "'1.5'", "'2147483648'"] },
  { from: 'text', to: 'bigint', kept: ["'9223372036854775807'"], lost: ["'9223372036854775808'", "'0x1'"] },
  { from: 'text', to: 'numeric(6,2)', kept: ["'1.25'", "'9999.99'"], lost: ["'1.255'", "'10000.00'", "'x'", "'NaN1'"] },
  { from: 'text', to: 'double precision', kept: ["'0.1'", "'1.5'"], lost: ["'1,5'", "'1e400'", "''"] },
  { from: 'text', to: 'boolean', kept: ["'true'", "'false'"], lost: ["'maybe'", "''"] },
  {
    from: 'text',
    to: 'uuid',
    kept: ["'00000000-0000-4000-8000-00000000000a'"],
    lost: ["'00000000-0000-4000-8000-00000000000'", "'x'"],
  },
  {
    from: 'text',
    to: 'date',
    kept: ["'2024-02-29'"],
    lost: ["'2023-02-29'", "'tomorrow I say'", "'2024-13-01'", "''"],
  },
  {
    from: 'text',
    to: 'timestamp(3) without time zone',
    kept: ["'2024-02-29 10:20:30.123'"],
    lost: ["'2024-02-30 10:20:30'", "'2024-02-29 25:00'", "'no'"],
  },
  {
    from: 'text',
    to: 'character varying(3)',
    kept: [text('äöü'), text("it'"), "'😀😀😀'"],
    lost: ["'abcd'", "'😀😀😀😀'"],
  },
  { from: 'character varying(50)', to: 'character varying(51)', kept: ["'a'"], lost: [] },
  { from: 'character varying(5)', to: 'text', kept: ["'abcde'"], lost: [] },
  { from: 'integer', to: 'character varying(3)', kept: ['123', '-12'], lost: ['1234', '-123'] },
  { from: 'numeric(10,4)', to: 'numeric(10,2)', kept: ['1.25', '-0.01'], lost: ['1.255', '0.0001'] },
  { from: 'numeric(10,2)', to: 'numeric(6,2)', kept: ['9999.99', "'NaN'"], lost: ['10000', '-10000.01'] },
  { from: 'numeric(10,2)', to: 'numeric(12,4)', kept: ['99999999.99'], lost: [] },
  { from: 'numeric', to: 'integer', kept: ['7', '-7'], lost: ['7.5', '2147483648', "'NaN'"] },
  {
    from: 'numeric',
    to: 'double precision',
    kept: ['0.1', '123456.789'],
    lost: ['0.12345678901234567890', '1e400', '1e-400'],
  },
  { from: 'double precision', to: 'real', kept: ['0.5', "'NaN'", "'Infinity'"], lost: ['0.1', '1e300', '1e-300'] },
  { from: 'double precision', to: 'integer', kept: ['7', '-7'], lost: ['7.5', '2147483648', "'NaN'", "'Infinity'"] },
  { from: 'double precision', to: 'bigint', kept: ['4503599627370496'], lost: ['9223372036854775808', '0.5'] },
  { from: 'double precision', to: 'numeric(6,2)', kept: ['1.25', '0.1'], lost: ['1.255', '1e5', "'Infinity'"] },
  { from: 'bigint', to: 'double precision', kept: ['9007199254740992'], lost: ['9007199254740993'] },
  {
    from: 'timestamp without time zone',
    to: 'timestamp with time zone',
    kept: ["'2024-03-10 02:30:00.123456'", "'infinity'"],
    lost: [],
  },
  {
    from: 'timestamp(6) with time zone',
    to: 'timestamp(3) with time zone',
    kept: ["'2024-03-10 02:30:00.123+00'"],
    lost: ["'2024-03-10 02:30:00.123456+00'"],
  },
  {
    from: 'timestamp with time zone',
    to: 'date',
    kept: ["'2024-03-10 00:00:00+00'"],
    lost: ["'2024-03-10 02:30:00+00'"],
  },
  { from: 'date', to: 'timestamp with time zone', kept: ["'2024-03-10'", "'0001-01-01'"], lost: [] },
  { from: 'integer[]', to: 'bigint[]', kept: ["'{1,2}'"], lost: [] },
];
