/**
 * What an EntityManager knows of an entity. `transient`: nothing. `pending`: the next flush inserts it. `persistent`: it
 * stands for a row. `deleted`: the next flush deletes its row. `detached`: it stood for a row until `clear()` or a
 * flushed removal.
 */
export type EntityState = 'transient' | 'pending' | 'persistent' | 'deleted' | 'detached';
