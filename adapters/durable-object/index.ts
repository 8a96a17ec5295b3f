/**
 * SQLite in a Durable Object of Cloudflare.
 *
 * @module
 */
export { type DurableObjectDriver, type DurableObjectOptions, durableObject } from './durable-object-driver.ts';
export type { DurableCursor, DurableStorage } from './durable-storage.ts';
