import { describe } from 'vitest';
import { randomLaws } from './schemas/random-laws.ts';
import { openSqliteStage } from './schemas/sqlite-stage.ts';

describe('on SQLite', async () => {
  randomLaws(await openSqliteStage(), 300);
});
