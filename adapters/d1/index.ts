/**
 * D1, the SQLite of Cloudflare behind HTTP.
 *
 * @module
 */
export type { D1Answer, D1Database, D1Executor, D1Meta, D1Session, D1Statement } from './d1-database.ts';
export { type D1Driver, type D1Options, d1 } from './d1-driver.ts';
