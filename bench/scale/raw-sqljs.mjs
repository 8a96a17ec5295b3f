// Hand-written statements on sql.js.
import initSqlJs from 'sql.js';
import * as engine from '../lib/engines/sqljs.mjs';
import { scaleOver } from './raw-sqlite.mjs';

export const openScale = async () => scaleOver(engine, new (await initSqlJs()).Database());
