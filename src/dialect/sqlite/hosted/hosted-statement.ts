import { createStatementCache, type StatementCache } from '../../../compiler/statement-cache.ts';
import { ValidationError } from '../../../errors.ts';
import { type SqlTraits, sqlTraits, sqlWords } from '../sql-traits.ts';
import type { ExactForm } from './exact-integers.ts';
import { controlRefused } from './hosted-error.ts';

/** What is known of the text of a statement before a platform runs it, and what was learned when it did. */
export interface HostedStatement {
  readonly sql: string;
  readonly effect: SqlTraits['effect'];
  /** Whether it answers with rows. */
  readonly answers: boolean;
  /** Whether its rows may have two columns of one name, or names that a platform's objects would put in another order. */
  readonly manyColumns: boolean;
  /** How its integers are read without being rounded, once they were. */
  exact: ExactForm | undefined;
}

const KEPT = 500;

/** Statements by their text. */
export class HostedStatements {
  readonly #cache: StatementCache<HostedStatement> = createStatementCache(KEPT);

  /** Throws `validation` for several statements in one text, and `transaction-scope` for BEGIN, SAVEPOINT and their like. */
  get(sql: string): HostedStatement {
    const known = this.#cache.get(sql);
    if (known !== undefined) return known;
    const statement = readStatement(sql);
    this.#cache.set(sql, statement);
    return statement;
  }
}

function readStatement(sql: string): HostedStatement {
  const { verb, effect, control } = sqlTraits(sql);
  if (control !== 'none') throw controlRefused(verb);
  const words = [...wordsOf(sql)];
  // The body of a trigger has statements of its own.
  if (verb !== 'CREATE' && !endsAtSemicolon(words))
    throw new ValidationError('there are several statements in one text');
  const returns = effect !== 'read' && effect !== 'other' && words.includes('RETURNING');
  return {
    sql,
    effect,
    answers: effect === 'read' || verb === 'PRAGMA' || returns,
    manyColumns: effect === 'read' && hasManyColumns(words),
    exact: undefined,
  };
}

function* wordsOf(sql: string): Generator<string> {
  const next = sqlWords(sql);
  for (let word = next(); word !== undefined; word = next()) yield word.length <= 9 ? word.toUpperCase() : word;
}

function endsAtSemicolon(words: readonly string[]): boolean {
  const first = words.findIndex((word) => word !== ';');
  const end = words.indexOf(';', first);
  return end < 0 || words.slice(end).every((word) => word === ';');
}

/** Of `SELECT … FROM`, whether there is a comma or a star in the list; of everything else it is not known. */
function hasManyColumns(words: readonly string[]): boolean {
  if (words[0] !== 'SELECT') return true;
  let depth = 0;
  for (const word of words) {
    if (word === '(') depth++;
    else if (word === ')') depth--;
    else if (depth === 0 && (word === ',' || word === '*')) return true;
    else if (depth === 0 && word === 'FROM') return false;
  }
  return false;
}
