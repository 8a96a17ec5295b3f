import type { MisfitCase } from './misfit-laws.ts';

/** What becomes of values of SQLite that get another type. */
export const SQLITE_MISFITS: readonly MisfitCase[] = [
  {
    from: 'TEXT',
    to: 'INTEGER',
    kept: ["'7'", "'-12'", "'9223372036854775807'"],
    lost: ["'abc'", "''", "'1.5'", "'9223372036854775808'", "'1x'", "'1e400'"],
  },
  { from: 'TEXT', to: 'REAL', kept: ["'0.5'", "'-1.25'"], lost: ["'1,5'", "''", "'x'"] },
  { from: 'TEXT', to: 'NUMERIC', kept: ["'7'", "'0.5'"], lost: ["'x'", "'7 apples'"] },
  { from: 'TEXT', to: 'BLOB', kept: ["'abc'", "'ä😀'"], lost: [] },
  { from: 'INTEGER', to: 'TEXT', kept: ['0', '-9223372036854775808'], lost: [] },
  { from: 'INTEGER', to: 'REAL', kept: ['0', '9007199254740992'], lost: ['9007199254740993'] },
  { from: 'REAL', to: 'INTEGER', kept: ['7.0', '-7.0'], lost: ['7.5', '1e300'] },
  { from: 'REAL', to: 'TEXT', kept: ['0.5', '1e21', '0.1 + 0.2'], lost: [] },
  { from: 'BLOB', to: 'TEXT', kept: ["x'616263'"], lost: [] },
];
