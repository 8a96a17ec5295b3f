import { confirm, input, select } from '@inquirer/prompts';
import type { Questioner } from '../src/migration/index.ts';
import { CliError, EXIT } from './cli-error.ts';

/** What options say of questions that would be asked otherwise. */
export interface GivenAnswers {
  /** `old=new` of tables. */
  readonly renameTable: readonly string[];
  /** `table.old=new` of columns, by the new name of the table. */
  readonly renameColumn: readonly string[];
  /** `table.column=SQL` of values. */
  readonly fill: readonly string[];
  /** Tables, and `table.column`s, that are new whatever is gone. */
  readonly fresh: readonly string[];
}

/**
 * Answers from options, then from somebody at a terminal. Where there is nobody, a question without an answer is refused with
 * the option that gives one: what was renamed is never guessed, because the other way its rows would be lost.
 */
export function createQuestioner(given: GivenAnswers, isInteractive: boolean): Questioner {
  const tables = new Map(given.renameTable.map((text) => split(text, '--rename-table')));
  const columns = new Map(given.renameColumn.map((text) => split(text, '--rename-column')));
  const fills = new Map(given.fill.map((text) => split(text, '--fill')));
  return {
    async formerTable(table, gone) {
      const known = gone.find((old) => tables.get(old) === table);
      if (known !== undefined || given.fresh.includes(table)) return known ?? null;
      const option = `--rename-table ${gone[0]}=${table}, or --new ${table}`;
      return former(`Is ${table} a new table, or one that had another name?`, gone, option, isInteractive);
    },
    async formerColumn(table, column, gone) {
      const known = gone.find((old) => columns.get(`${table}.${old}`) === column);
      if (known !== undefined || given.fresh.includes(`${table}.${column}`)) return known ?? null;
      const option = `--rename-column ${table}.${gone[0]}=${column}, or --new ${table}.${column}`;
      return former(`Is ${table}.${column} a new column, or one that had another name?`, gone, option, isInteractive);
    },
    async fill(table, column, direction) {
      const known = fills.get(`${table}.${column}`);
      // What was dropped is gone: on the way back the rows are asked for, and refused where there are any.
      if (known !== undefined || direction === 'down' || !isInteractive) return known ?? null;
      const message = `${table}.${column} may not be NULL. SQL of the value that rows get which are there (empty: there are none)`;
      return (await input({ message })).trim() || null;
    },
  };
}

function split(text: string, option: string): [string, string] {
  const place = text.indexOf('=');
  if (place > 0 && place < text.length - 1) return [text.slice(0, place), text.slice(place + 1)];
  throw new CliError(`${option} ${text}: write it with an =, as in ${option} old=new`);
}

async function former(
  message: string,
  gone: readonly string[],
  option: string,
  isInteractive: boolean,
): Promise<string | null> {
  if (!isInteractive) {
    throw new CliError(`${message} Gone: ${gone.join(', ')}. Say ${option}`, EXIT.refused);
  }
  const renamed = gone.map((name) => ({ name: `it was ${name}`, value: name as string | null }));
  return select({ message, choices: [...renamed, { name: 'it is new; what is gone is dropped', value: null }] });
}

/** Asks before something that cannot be undone; without somebody to ask it is refused unless `--yes` allows it. */
export async function allow(message: string, yes: boolean, isInteractive: boolean): Promise<void> {
  if (yes) return;
  if (!isInteractive) throw new CliError(`${message} Say --yes to allow it.`, EXIT.refused);
  if (!(await confirm({ message, default: false }))) throw new CliError('nothing was done', EXIT.refused);
}
