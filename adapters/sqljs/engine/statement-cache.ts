import type { NativeStatement } from './native-statement.ts';

/**
 * Compiled statements by SQL text, least recently used out first. Compiling costs ten times what running a lookup by
 * key costs. SQLite recompiles a statement by itself when the schema changed, so entries live on through DDL.
 */
export class StatementCache {
  readonly #entries = new Map<string, NativeStatement>();
  readonly #limit: number;
  readonly #finalize: (statement: NativeStatement) => void;

  constructor(limit: number, finalize: (statement: NativeStatement) => void) {
    this.#limit = limit;
    this.#finalize = finalize;
  }

  get(sql: string): NativeStatement | undefined {
    return this.#entries.get(sql);
  }

  set(sql: string, statement: NativeStatement): void {
    if (this.#entries.size >= this.#limit) this.#evict();
    this.#entries.set(sql, statement);
  }

  clear(): void {
    for (const statement of this.#entries.values()) this.#finalize(statement);
    this.#entries.clear();
  }

  // Entries carry the time of their last use instead of moving on every hit; a quarter goes at once, so that the search
  // for the oldest is paid once in many misses.
  #evict(): void {
    const oldest = [...this.#entries].sort(([, a], [, b]) => a.used - b.used);
    for (const [sql, statement] of oldest.slice(0, Math.max(1, this.#limit >> 2))) {
      this.#entries.delete(sql);
      this.#finalize(statement);
    }
  }
}
