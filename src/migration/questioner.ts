/** What stands in for an answer that nobody gave. */
export interface Questioner {
  /** Which of the tables that are gone is this new one; null where it is new indeed. */
  formerTable(table: string, gone: readonly string[]): Promise<string | null> | string | null;
  /** Which of the columns that are gone is this new one; null where it is new indeed. */
  formerColumn(table: string, column: string, gone: readonly string[]): Promise<string | null> | string | null;
  /**
   * The SQL of the value that rows get in a column that may not be NULL and has no default; null where there is none, which
   * is right only where there are no such rows. `down` is the way back, on which a column comes again that was dropped.
   */
  fill(table: string, column: string, direction: 'up' | 'down'): Promise<string | null> | string | null;
}
