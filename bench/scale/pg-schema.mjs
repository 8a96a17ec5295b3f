// A schema of its own on the PostgreSQL of the benchmarks, and names that all contenders write.
import pg from 'pg';
import { connection } from '../lib/engines/pg.mjs';

const SCHEMA = 'meshestra_scale';

/** The name of row `n`, of a length as names have. */
export const TITLE = (n) => `row number ${n}`;

/** A pool of one connection that sees an empty schema; `end` closes it and drops the schema. */
export async function openPool() {
  const pool = new pg.Pool({ ...connection, options: `-c search_path=${SCHEMA}`, max: 1 });
  await pool.query(`drop schema if exists ${SCHEMA} cascade; create schema ${SCHEMA}`);
  return {
    pool,
    async end() {
      if (pool.ended !== true) await pool.end();
      const client = new pg.Client(connection);
      await client.connect();
      await client.query(`drop schema if exists ${SCHEMA} cascade`);
      await client.end();
    },
  };
}
