import { expect, it } from 'vitest';
import { askRenames } from '../../../src/migration/ask-renames.ts';
import type { Questioner } from '../../../src/migration/index.ts';
import { model, table } from './database-parts.ts';

it('a table without a primary key is nobody’s former table', async () => {
  const asked: (readonly string[])[] = [];
  const questioner: Questioner = {
    formerTable(_, gone) {
      asked.push(gone);
      return null;
    },
    formerColumn: () => null,
    fill: () => null,
  };
  await askRenames(model(table('log', { primaryKey: null }), table('notes')), model(table('posts')), questioner);
  expect(asked).toEqual([['notes']]);
});
