// A process of its own: the gateway that speaks Neon's protocol before PostgreSQL, and what happens outside of the clock.
import pg from 'pg';
import { openNeonGateway } from '../../test/support/gateways/neon-gateway.ts';

const SCHEMA = 'meshestra_bench_latency';
const url = process.env.MESHESTRA_BENCH_PG_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
const options = `-c search_path=${SCHEMA}`;
const client = new pg.Client({ connectionString: url, options });
await client.connect();
await client.query(`drop schema if exists ${SCHEMA} cascade; create schema ${SCHEMA}`);
const gateway = await openNeonGateway();

/** Everything that is stored, without keys, which differ. */
const STORED = `select json_build_object(
  'authors', (select json_agg(json_build_array(name, version) order by name) from authors),
  'tags', (select json_agg(name order by name) from tags),
  'categories', (select json_agg(json_build_array(c.name, p.name) order by c.name) from categories c
    left join categories p on p.id = c.parent_id),
  'books', (select json_agg(json_build_array(b.title, a.name) order by b.title) from books b
    join authors a on a.id = b.author_id),
  'links', (select json_agg(json_build_array(b.title, t.name) order by b.title, t.name) from book_tags l
    join books b on b.id = l.book_id join tags t on t.id = l.tag_id)) as stored`;

const OPERATIONS = {
  /** Nothing but the three authors from before. */
  async empty() {
    gateway.latency = 0;
    await client.query('truncate authors, tags, categories, books, book_tags restart identity cascade');
    await client.query("insert into authors (name, version) values ('a', 1), ('b', 1), ('c', 1)");
    gateway.reset();
  },
  /** How long every answer is held back from now on. */
  async distance({ latency }) {
    gateway.latency = latency;
  },
  requests: async () => gateway.requests.length,
  stored: async () => (await client.query(STORED)).rows[0].stored,
  async close() {
    await client.query(`drop schema ${SCHEMA} cascade`);
    await client.end();
    await gateway.close();
    setImmediate(() => process.disconnect());
  },
};

process.on('disconnect', () => process.exit());
process.on('message', async ({ operation, ...given }) => {
  try {
    process.send({ value: await OPERATIONS[operation](given) });
  } catch (error) {
    process.send({ error: error.stack });
  }
});
process.send({
  value: {
    endpoint: `${gateway.origin}/sql`,
    url: gateway.compute(`${url}?options=${encodeURIComponent(options)}`),
  },
});
