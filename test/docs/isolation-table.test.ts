import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anomalies } from '../conformance/isolation/anomalies.ts';
import { type Allowed, innodbLevels, type LevelPromises, postgresLevels } from '../conformance/isolation/levels.ts';

const BEGIN = '<!-- isolation:begin (checked by test/docs/isolation-table.test.ts) -->';
const END = '<!-- isolation:end -->';

/** What the isolation suites check on every engine, as README shows it. */
function isolationTable(): string[][] {
  const columns = [
    ...levelColumns('PostgreSQL', postgresLevels),
    ...levelColumns('MariaDB, MySQL', innodbLevels({ snapshotIsolation: false })),
  ];
  return [
    ['anomaly', ...columns.map(({ title }) => title)],
    ['---', ...columns.map(() => '---')],
    ...Object.keys(anomalies).map((name) => [name, ...columns.map(({ allowed }) => mark(allowed, name))]),
  ];
}

function levelColumns(engine: string, promises: LevelPromises): { title: string; allowed: Allowed }[] {
  return Object.entries(promises)
    .filter(([level]) => level !== 'default')
    .map(([level, allowed]) => ({ title: `${engine}: ${level}`, allowed }));
}

const mark = (allowed: readonly string[], name: string): string => (allowed.includes(name) ? 'possible' : '–');

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/^-+$/, '---'));

describe('the isolation table of README', () => {
  it('is what the isolation suites check', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const text = readme.split(BEGIN)[1]?.split(END)[0] ?? '';
    const shown = text.split('\n').filter((line) => line.startsWith('|'));
    const table = isolationTable();
    const wanted = table.map((row) => `| ${row.join(' | ')} |`).join('\n');
    expect(shown.map(cellsOf), `README.md should show\n\n${wanted}\n`).toEqual(table);
  });
});
