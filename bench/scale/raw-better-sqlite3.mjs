// Hand-written statements on better-sqlite3.
import Database from 'better-sqlite3';
import * as engine from '../lib/engines/better-sqlite3.mjs';
import { scaleOver } from './raw-sqlite.mjs';

export const openScale = async () => scaleOver(engine, new Database(':memory:'));
