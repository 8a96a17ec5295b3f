import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { operations, states, transitions } from '../conformance/lifecycle/states.ts';

const BEGIN = '<!-- lifecycle:begin (checked by test/docs/lifecycle-table.test.ts) -->';
const END = '<!-- lifecycle:end -->';

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replace(/^-+$/, '---'));

describe('the table of the lifecycle in README', () => {
  it('is what the lifecycle suite checks', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const text = readme.split(BEGIN)[1]?.split(END)[0] ?? '';
    const shown = text.split('\n').filter((line) => line.startsWith('|'));
    const names = Object.keys(states);
    const table = [
      ['operation', ...names],
      ['---', ...names.map(() => '---')],
      ...Object.keys(operations).map((operation) => [
        operation,
        ...names.map((state) => transitions[operation]?.[state] ?? ''),
      ]),
    ];
    const wanted = table.map((row) => `| ${row.join(' | ')} |`).join('\n');
    expect(shown.map(cellsOf), `README.md should show\n\n${wanted}\n`).toEqual(table);
  });
});
