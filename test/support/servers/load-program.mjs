/**
 * A program under load, from the built package, as a server application would run it: fifty sessions at once do all that
 * an EntityManager does, statements are aborted and run out of time, transactions are rolled back and collide. Then it
 * closes its database, says what it saw, and has to end by itself: it never calls `process.exit`.
 *
 * Its one argument is `{ adapter, engine, url, max }` as JSON.
 */
import { getEventListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { createPersistence, Entity, gte, integer, manyToOne, oneToMany, query, sql, startsWith, text } from 'meshestra';
import { createSchema } from 'meshestra/schema';

const { adapter, engine, url, max } = JSON.parse(process.argv[2]);
const { [adapter]: open } = await import(`meshestra/${adapter}`);

const SESSIONS = 50;
const ROUNDS = 20;

class Customer extends Entity('customers', {
  id: integer().primaryKey().generated(),
  name: text({ maxLength: 100 }).unique(),
  visits: integer().default(0),
  version: integer().version(),
}) {
  orders = oneToMany(
    () => Order,
    (order) => order.customer,
    { cascade: ['persist', 'remove'] },
  );
}
class Order extends Entity('orders', { id: integer().primaryKey().generated(), total: integer() }) {
  customer = manyToOne(() => Customer);
}

/** SQL that sleeps for ten seconds, and SQL that lists the sessions of the database it is run in. */
const { sleep, sessions } = {
  postgres: {
    sleep: sql`SELECT 1 FROM (SELECT pg_sleep(10)) s`,
    sessions: sql`SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND backend_type = 'client backend'`,
  },
  mysql: {
    // Of two rows, because a SLEEP that is all there is to do takes an interruption for its end.
    sleep: sql`SELECT SLEEP(5) FROM (SELECT 1 AS one UNION ALL SELECT 2) AS rows_of_two`,
    sessions: sql`SELECT id FROM information_schema.processlist WHERE db = DATABASE()`,
  },
}[engine];

const warnings = [];
process.on('warning', (warning) => warnings.push(`${warning.name}: ${warning.message}`));
const processListeners = () => process.eventNames().map((name) => [String(name), process.listenerCount(name)]);
const listenersBefore = JSON.stringify(processListeners());

const db = await createPersistence({
  driver: open({ url, pool: { max, acquireTimeout: 60_000 } }),
  entities: [Customer, Order],
});
await createSchema(db);
const hub = db.em();
/** Customers that several sessions count up at once. */
const shared = Array.from({ length: 10 }, (_, n) => hub.create(Customer, { name: `shared ${n}` }));
await hub.flush();

const counts = {};
const count = (what) => {
  counts[what] = (counts[what] ?? 0) + 1;
};

/** Runs work that has to fail with a code. */
async function failing(code, work) {
  try {
    await work();
  } catch (error) {
    if (error?.code !== code) throw error;
    count(code);
    return;
  }
  throw new Error(`no error, expected ${code}`);
}

/** What one session does in a round; `signal` is the session's, and never fires. */
const OPERATIONS = [
  async (name, signal) => {
    const em = db.em({ signal });
    const customer = em.create(Customer, { name });
    for (const total of [1, 2, 3]) em.create(Order, { customer, total });
    await em.flush();
    count('flush');
  },
  async (name, signal) => {
    const em = db.em({ signal });
    const found = await em.find(Customer, { name, visits: gte(0) }, { populate: ['orders'] });
    if (found[0]?.orders.toArray().length !== 3) throw new Error('the orders are not there');
    count('find');
  },
  async (name, signal) => {
    await db.em({ signal }).transaction(async (tx) => {
      const customer = await tx.findOne(Customer, { name });
      customer.visits += 1;
      await tx.transaction(async (inner) => void inner.create(Order, { customer, total: 4 }));
    });
    count('transaction');
  },
  (name) =>
    failing('not-found', () =>
      db.transaction(async (tx) => {
        const customer = await tx.findOne(Customer, { name });
        customer.visits = 1000;
        await tx.flush();
        throw Object.assign(new Error('changed my mind'), { code: 'not-found' });
      }),
    ),
  async (name) => {
    const em = db.em();
    const twin = em.create(Customer, { name });
    await failing('unique-violation', () => em.flush());
    twin.name = `${name} twin`;
    await em.flush();
  },
  (_name, signal) => {
    const stop = new AbortController();
    // Some before it is sent, some while it waits for a connection, some while it runs.
    setTimeout(() => stop.abort(), Math.floor(Math.random() * 30));
    return failing('aborted', () => db.em({ signal }).execute(sleep, { signal: stop.signal }));
  },
  (_name, signal) =>
    failing('statement-timeout', () => db.em({ signal }).execute(sleep, { timeout: 5 + Math.random() * 30 })),
  async (_name, signal, session) => {
    for (;;) {
      const em = db.em({ signal });
      const customer = await em.findById(Customer, shared[session % shared.length].id);
      customer.visits += 1;
      try {
        await em.flush();
        return count('increment');
      } catch (error) {
        if (error.code !== 'stale-entity') throw error;
        count('stale-entity');
      }
    }
  },
];

async function runSession(session) {
  const { signal } = new AbortController();
  for (let round = 0; round < ROUNDS; round += 1) {
    const name = `customer ${session}.${round}`;
    for (const operation of OPERATIONS) await operation(name, signal, session);
  }
  return getEventListeners(signal, 'abort').length;
}

let liveResults = 0;
const live = db.live(query(Customer, { name: 'shared 0' }));
const watching = (async () => {
  for await (const _ of live) liveResults += 1;
})();

const leftListeners = (await Promise.all(Array.from({ length: SESSIONS }, (_, n) => runSession(n)))).reduce(
  (sum, each) => sum + each,
  0,
);

const check = db.em();
const visitsOf = (found) => found.reduce((sum, customer) => sum + customer.visits, 0);
const [visits, customers, orders] = [
  visitsOf(await check.find(Customer, { name: startsWith('shared') })),
  await check.count(Customer),
  await check.count(Order),
];
const sessionsOnServer = async () => (await db.em().execute(sessions)).rows.length;
// Requests to cancel travel over connections of their own, and what was destroyed is ended when the server likes.
for (let turn = 0; turn < 500; turn += 1) {
  if ((await sessionsOnServer()) === db.driver.pool.state().total) break;
  await pause(20);
}
const openSessions = await sessionsOnServer();
const pool = db.driver.pool.state();
await db.close();
await watching;

const openResources = () =>
  process.getActiveResourcesInfo().filter((kind) => /TCP|Timeout|Immediate|GetAddr|TLS|FS/.test(kind));
// One turn, in which Node takes closed sockets off its list.
await new Promise(setImmediate);
const resources = openResources();
process.stdout.write(
  JSON.stringify({
    counts,
    visits,
    customers,
    orders,
    openSessions,
    pool,
    warnings,
    leftListeners,
    liveResults,
    processListeners: { before: listenersBefore, after: JSON.stringify(processListeners()) },
    resources,
  }),
);
