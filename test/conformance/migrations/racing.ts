import { expect } from 'vitest';
import { sql } from '../../../src/index.ts';
import { createMigrator, type Migration } from '../../../src/migration/index.ts';
import type { Laws } from '../laws.ts';
import { migration, rowsOf, Setting, three } from './fixture.ts';

/** Migrations whose rows tell how often each was applied. */
const counted: readonly Migration[] = [
  ...three.slice(0, 1),
  ...['2', '3', '4'].map((version) =>
    migration(version, 'counted', [
      `INSERT INTO m_first (id, note) SELECT COUNT(*) + 1, '${version}' FROM m_first`,
      `INSERT INTO m_second (id, note, first_id) SELECT COUNT(*) + 1, '${version}', COUNT(*) + 1 FROM m_second`,
    ]),
  ),
];

/** Several runners at once. */
export const racing: Laws = Object.fromEntries(
  [2, 8].map((count) => [
    `${count} runners at once apply each migration once`,
    async (subject) => {
      await using db = await subject.open([Setting]);
      const runs = await Promise.all(Array.from({ length: count }, () => createMigrator(db, counted).up()));
      expect(
        runs
          .flat()
          .map(({ version }) => version)
          .sort(),
      ).toEqual(['1', '2', '3', '4']);
      for (const query of [sql`SELECT note FROM m_first ORDER BY id`, sql`SELECT note FROM m_second ORDER BY id`]) {
        expect(await rowsOf(db, query)).toEqual([['2'], ['3'], ['4']]);
      }
      expect((await createMigrator(db, counted).status()).isCurrent).toBe(true);
    },
  ]),
);
