// Written by `meshestra`; changed with each new migration.
import type { Migration } from 'meshestra/migrations';
import { migration20261201000000 } from './20261201000000-first-tables.js';

/** All migrations, the oldest first. */
export const migrations: readonly Migration[] = [migration20261201000000];
