import { describe } from 'vitest';
import { sqlite } from '../../src/dialect/sqlite/index.ts';
import { changeLaws } from './schemas/change-laws.ts';
import { misfitLaws } from './schemas/misfit-laws.ts';
import { randomLaws } from './schemas/random-laws.ts';
import { schemaLaws } from './schemas/schema-laws.ts';
import { SQLITE_CHANGES } from './schemas/sqlite-changes.ts';
import { SQLITE_MISFITS } from './schemas/sqlite-misfits.ts';
import { openSqliteStage } from './schemas/sqlite-stage.ts';

describe('The schema of SQLite', async () => {
  const stage = await openSqliteStage();

  schemaLaws(async () => ({ ...stage, dialect: sqlite }));
  randomLaws(stage, 300);
  changeLaws(stage, SQLITE_CHANGES);
  // An ill-formed text is another value than the bytes it was made of.
  misfitLaws(stage, SQLITE_MISFITS, 'quote(v)');
});
