/**
 * Reads from replicas, for drivers of servers that have some.
 *
 * @module
 */
export { type ReplicatedDriver, type ReplicationOptions, replicated } from './replicated-driver.ts';
