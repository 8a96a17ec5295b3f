import type { MigrationItem, MigrationSide, PlannedSide, RowsAtStake } from '../src/migration/index.ts';
import { CliError } from './cli-error.ts';

const NEXT = /^-- next statement(?<outside>, outside of the transaction)?(?:, rebuild (?<rebuild>".*"))?\s*$/;
const AT_STAKE = '-- at stake: ';

/**
 * A side of a migration as a plain SQL file. Statements are parted by lines of their own, because where one ends depends on
 * the engine: `-- next statement`, with `, outside of the transaction` where it cannot be in one, and `, rebuild "table"`
 * where it is a part of building a table anew.
 */
export function writeSql({ steps, atStake }: PlannedSide): string {
  const lines = atStake.map((stake) => `${AT_STAKE}${JSON.stringify(stake)}\n`);
  for (const step of steps) {
    if (typeof step === 'string') lines.push(`-- next statement\n${step};\n`);
    else if ('outside' in step) lines.push(`-- next statement, outside of the transaction\n${step.outside};\n`);
    else {
      for (const sql of step.statements) {
        lines.push(`-- next statement, rebuild ${JSON.stringify(step.rebuild)}\n${sql};\n`);
      }
    }
  }
  return lines.join('');
}

/** Reads a file that {@link writeSql} wrote, or somebody by hand. Throws a `CliError` that names the line. */
export function readSql(text: string, file: string): MigrationSide {
  const steps: MigrationItem[] = [];
  const atStake: RowsAtStake[] = [];
  let open: { readonly marks: RegExpExecArray['groups']; readonly lines: string[] } = { marks: {}, lines: [] };
  text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .forEach((line, place) => {
      const next = NEXT.exec(line);
      if (next !== null) {
        addStep(steps, open);
        open = { marks: next.groups, lines: [] };
      } else if (line.startsWith(AT_STAKE)) atStake.push(readStake(line, `${file}:${place + 1}`));
      else open.lines.push(line);
    });
  addStep(steps, open);
  return atStake.length === 0 ? { steps } : { steps, atStake };
}

function addStep(
  steps: MigrationItem[],
  { marks, lines }: { readonly marks: RegExpExecArray['groups']; readonly lines: readonly string[] },
): void {
  const sql = lines.join('\n').trim().replace(/;$/, '');
  if (!/\S/.test(sql.replaceAll(/^\s*--.*$/gm, ''))) return;
  if (marks?.outside !== undefined) steps.push({ outside: sql });
  else if (marks?.rebuild === undefined) steps.push(sql);
  else addToRebuild(steps, JSON.parse(marks.rebuild) as string, sql);
}

function addToRebuild(steps: MigrationItem[], table: string, sql: string): void {
  const last = steps.at(-1);
  if (typeof last === 'object' && 'rebuild' in last && last.rebuild === table) {
    steps[steps.length - 1] = { rebuild: table, statements: [...last.statements, sql] };
  } else steps.push({ rebuild: table, statements: [sql] });
}

function readStake(line: string, place: string): RowsAtStake {
  try {
    return JSON.parse(line.slice(AT_STAKE.length)) as RowsAtStake;
  } catch (cause) {
    throw new CliError(`${place}: what is at stake has to be JSON`, 1, { cause });
  }
}
