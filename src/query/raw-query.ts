import type { ExpressionNode } from '../ast/query-node.ts';
import type { RawStatementNode } from '../ast/write-node.ts';
import { datetimeAsMilliseconds } from '../codec/datetime.ts';
import { isWellFormed } from '../codec/well-formed.ts';
import type { Dialect } from '../compiler/dialect.ts';
import { ValidationError } from '../errors.ts';
import type { WireValue } from '../wire/wire-value.ts';

/** What may stand in a hole of raw SQL: a value, which becomes a parameter, a name, or another piece of raw SQL. */
export type RawHole = WireValue | Date | RawIdentifier | RawQuery;

/** The name of a table or column for raw SQL. Made by {@link identifier}. */
export class RawIdentifier {
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  static nameOf(piece: RawIdentifier): string {
    return piece.#name;
  }
}

/**
 * A name that is known at run time only, for a hole of {@link sql}: it is quoted as the dialect does, whatever it holds.
 * Check it against the names you expect all the same.
 */
export function identifier(name: string): RawIdentifier {
  if (typeof name !== 'string' || !isWellFormed(name))
    throw new ValidationError('identifier() takes a well-formed text');
  return new RawIdentifier(name);
}

/** Adds the texts of a piece and what is between them; the first text goes on with the last one that is there. */
type Write = (dialect: Dialect, texts: string[], holes: ExpressionNode[]) => void;

/**
 * SQL written by hand. Made by {@link sql} only; a string can never become one. It brings along what writes it, so that a
 * program without raw SQL does not hold that.
 */
export class RawQuery {
  readonly #write: Write;

  constructor(write: Write) {
    this.#write = write;
  }

  /** The statement for a dialect. `tables` are the tables it writes; null where that is not known. */
  static toNode(query: RawQuery, dialect: Dialect, tables: readonly string[] | null): RawStatementNode {
    const texts: string[] = [''];
    const holes: ExpressionNode[] = [];
    query.#write(dialect, texts, holes);
    const reads = tables === null && /^\s*(select|values|explain)\b/i.test(texts[0] ?? '');
    return { kind: 'raw-statement', texts, holes, writes: reads ? [] : tables };
  }

  /** Adds the query to one that is being written. */
  static write(query: RawQuery, ...target: Parameters<Write>): void {
    query.#write(...target);
  }
}

/**
 * SQL as a tagged template. Each hole becomes a parameter, whatever it holds; another `sql` piece is put in as text with
 * its own parameters. Throws `validation` for a hole that no parameter can carry.
 *
 * @example
 * ```ts
 * import { sql } from 'meshestra';
 *
 * const since = new Date(0);
 * const query = sql`SELECT "title" FROM "posts" WHERE "created_at" > ${since}`;
 * // SELECT "title" FROM "posts" WHERE "created_at" > ?
 * ```
 */
export function sql(texts: TemplateStringsArray, ...holes: readonly RawHole[]): RawQuery {
  // Only the compiler's own arrays of a template are frozen and carry `raw`: neither JSON nor a clone can be one.
  if (!Array.isArray(texts) || !Object.isFrozen(texts) || !Object.hasOwn(texts, 'raw')) {
    throw new ValidationError('sql is a tag for templates: sql`…`, not a function for strings');
  }
  for (const hole of holes) checkHole(hole);
  const pieces = holes.slice();
  return new RawQuery((...target) => {
    texts.forEach((text, index) => {
      write(text, pieces[index], ...target);
    });
  });
}

function checkHole(hole: unknown): void {
  const type = typeof hole;
  if (hole === null || type === 'boolean' || type === 'bigint') return;
  if (type === 'string' && isWellFormed(hole as string)) return;
  if (type === 'number' && Number.isFinite(hole)) return;
  if (hole instanceof Uint8Array || hole instanceof RawQuery || hole instanceof RawIdentifier) return;
  if (hole instanceof Date && !Number.isNaN(hole.getTime())) return;
  throw new ValidationError(
    `sql: a hole of type ${Array.isArray(hole) ? 'array' : type} cannot be a parameter; use text, finite numbers, bigint, boolean, null, bytes, a valid Date, identifier(…) or another sql piece`,
  );
}

function write(
  text: string,
  hole: RawHole | undefined,
  dialect: Dialect,
  texts: string[],
  holes: ExpressionNode[],
): void {
  texts[texts.length - 1] += text;
  if (hole === undefined) return;
  if (hole instanceof RawQuery) {
    RawQuery.write(hole, dialect, texts, holes);
  } else if (hole instanceof RawIdentifier) {
    texts[texts.length - 1] += dialect.quote(RawIdentifier.nameOf(hole));
  } else {
    const type = hole instanceof Date ? ({ name: 'datetime' } as const) : null;
    const value = type === null ? (hole as WireValue) : dialect.codec(type, datetimeAsMilliseconds).encode(hole);
    holes.push({ kind: 'value', value, type });
    texts.push('');
  }
}
