import { DriverError } from '../../../errors.ts';
import { canonicalExpression, joinTokens, nameOf, type SqlToken, sqlTokens } from './sql-tokens.ts';

/** Reads the text of a definition from left to right. */
export class TokenReader {
  readonly #sql: string;
  readonly #tokens: readonly SqlToken[];
  #place = 0;

  constructor(sql: string) {
    this.#sql = sql;
    this.#tokens = sqlTokens(sql);
  }

  get isAtEnd(): boolean {
    return this.#place >= this.#tokens.length;
  }

  /** Whether the next tokens are these words or signs, which keywords match in any case. */
  sees(...words: readonly string[]): boolean {
    return words.every((word, distance) => {
      const token = this.#tokens[this.#place + distance];
      return (
        token !== undefined && (token.kind === 'word' || token.kind === 'sign') && token.text.toUpperCase() === word
      );
    });
  }

  /** Goes past the words where they come next. */
  accepts(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false;
    this.#place += words.length;
    return true;
  }

  /** Goes past the words. Throws `driver` where something else comes. */
  expect(...words: readonly string[]): void {
    if (!this.accepts(...words)) throw this.unreadable();
  }

  next(): SqlToken {
    const token = this.#tokens[this.#place];
    if (token === undefined) throw this.unreadable();
    this.#place += 1;
    return token;
  }

  /** The word that comes next, in upper case; empty where none does. */
  word(): string {
    const token = this.#tokens[this.#place];
    return token?.kind === 'word' ? token.text.toUpperCase() : '';
  }

  name(): string {
    const name = nameOf(this.next());
    if (name === undefined) throw this.unreadable();
    return name;
  }

  /** `(a, b)` as names; collations and directions behind them are passed over. */
  names(): readonly string[] {
    this.expect('(');
    const names: string[] = [];
    do {
      names.push(this.name());
      while (!this.sees(',') && !this.sees(')')) this.next();
    } while (this.accepts(','));
    this.expect(')');
    return names;
  }

  /** The expression in the parentheses that come next, without them. */
  enclosed(): string {
    if (!this.sees('(')) throw this.unreadable();
    return canonicalExpression(joinTokens(this.balanced()));
  }

  /** The tokens up to the parenthesis that ends what begins here. */
  balanced(): readonly SqlToken[] {
    const start = this.#place;
    let depth = 0;
    do {
      const { kind, text } = this.next();
      if (kind === 'sign' && text === '(') depth += 1;
      if (kind === 'sign' && text === ')') depth -= 1;
    } while (depth > 0);
    return this.#tokens.slice(start, this.#place);
  }

  /** The tokens up to a `,` or `)` outside of parentheses, or to the end. */
  part(): readonly SqlToken[] {
    const taken: SqlToken[] = [];
    while (!this.isAtEnd && !this.sees(',') && !this.sees(')')) taken.push(...this.balanced());
    return taken;
  }

  /** All that is left. */
  rest(): readonly SqlToken[] {
    const rest = this.#tokens.slice(this.#place);
    this.#place = this.#tokens.length;
    return rest;
  }

  unreadable(): DriverError {
    return new DriverError(
      `the definition of a table or an index could not be read at its token ${this.#place + 1}: ${this.#sql}`,
    );
  }
}
