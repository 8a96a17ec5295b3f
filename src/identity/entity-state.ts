/**
 * What an EntityManager knows of an entity. `transient`: nothing. `pending`: the next flush inserts it. `persistent`: it
 * stands for a row. `deleted`: the next flush deletes its row. `detached`: it stood for a row until `detach()`, `clear()` or a
 * flushed removal. README shows what each operation makes of each state.
 */
export type EntityState = 'transient' | 'pending' | 'persistent' | 'deleted' | 'detached';
