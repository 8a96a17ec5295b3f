import { sqlWords } from '../../src/dialect/sqlite/index.ts';
import { ValidationError } from '../../src/port.ts';

/**
 * The number of parameters of a text. node:sqlite neither tells it nor minds a missing value, of which it makes NULL, and
 * of several statements it runs the first: so both are found out here. Refuses with `validation` what is not exactly one
 * statement, and parameters that are not written as `?`.
 */
export function countParameters(sql: string): number {
  const text = new StatementText();
  const next = sqlWords(sql);
  for (let word = next(); word !== undefined; word = next()) text.add(word);
  if (text.isBlank) throw new ValidationError('the SQL text holds no statement');
  return text.parameters;
}

class StatementText {
  parameters = 0;
  #words = 0;
  #before = '';
  #beforeThat = '';
  #isTrigger = false;
  #ended = false;

  get isBlank(): boolean {
    return this.#words === 0;
  }

  add(word: string): void {
    if (word === ';') this.#endStatement();
    else this.#addWord(word);
    this.#beforeThat = this.#before;
    this.#before = word;
  }

  // The statements inside a trigger end with a semicolon, too, and the trigger itself with `; END ;`.
  #endStatement(): void {
    const inside = this.#isTrigger && !(this.#before.toUpperCase() === 'END' && this.#beforeThat === ';');
    if (this.#words > 0 && !inside) this.#ended = true;
  }

  #addWord(word: string): void {
    if (this.#ended) {
      throw new ValidationError('the SQL text holds more than one statement; run them one by one, or with batch()');
    }
    this.#words += 1;
    if (word === '?') this.parameters += 1;
    else if (/^[:@$]$/.test(word) || (this.#before === '?' && /^\d/.test(word))) {
      throw new ValidationError('parameters are written as ?, without a name or a number');
    } else if (this.#words <= 3 && word.toUpperCase() === 'TRIGGER') this.#isTrigger = true;
  }
}
