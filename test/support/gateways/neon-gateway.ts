import type { Socket } from 'node:net';
import pg from 'pg';
import { type GatewayAnswer, type GatewayRequest, type HttpGateway, openGateway } from './http-gateway.ts';
import { bridgeWebSockets } from './websocket-bridge.ts';

/** A gateway that speaks Neon's protocols in front of a PostgreSQL server. */
export interface NeonGateway extends HttpGateway {
  /**
   * Adds a compute, as a branch of a project has one. Gives the URL that applications know it by: its host tells the
   * compute, and its user and password are checked.
   */
  compute(postgresUrl: string): string;
  /** Forgets a compute, and closes its connections. */
  remove(url: string): Promise<void>;
  /** For the option of that name of `neonConfig`: the WebSocket's address without its protocol. */
  wsProxy(host: string, port: string | number): string;
  /** How many WebSockets were opened. */
  readonly webSockets: number;
  /** Cuts every WebSocket, as a network does. */
  cutWebSockets(): void;
}

/** The limits of a gateway, in bytes. */
export interface NeonLimits {
  readonly maxRequest?: number;
  readonly maxResponse?: number;
}

interface Query {
  readonly query: string;
  readonly params?: readonly unknown[];
  readonly arrayMode?: boolean;
}

const PASSWORD = 'neon-p%40ss';
const LEVELS: Readonly<Record<string, string>> = {
  Serializable: 'SERIALIZABLE',
  ReadUncommitted: 'READ UNCOMMITTED',
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
};
const ERROR_FIELDS = [
  'detail',
  'hint',
  'position',
  'internalPosition',
  'internalQuery',
  'where',
  'table',
  'column',
  'schema',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const;

/** A refusal of the gateway itself, beside those of the server. */
class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Opens a gateway, modelled on the source of Neon's proxy (github.com/neondatabase/neon, proxy/src/serverless):
 * `POST /sql` with one query or a batch, and WebSockets that carry PostgreSQL's own protocol.
 */
export async function openNeonGateway(limits: NeonLimits = {}): Promise<NeonGateway> {
  const { maxRequest = 64 * 2 ** 20, maxResponse = 64 * 2 ** 20 } = limits;
  const computes = new Map<string, pg.Pool>();
  const addresses = new Map<string, string>();
  let made = 0;
  const bridge = bridgeWebSockets({ target: (host) => addresses.get(host), password: decodeURIComponent(PASSWORD) });
  const gateway = await openGateway({
    answer: (request) => answer(request, computes, { maxRequest, maxResponse }),
    upgrade: (request, socket: Socket, head) => bridge.upgrade(request, socket, head),
    async close() {
      bridge.close();
      await Promise.all([...computes.values()].map((pool) => pool.end()));
    },
  });
  return {
    ...gateway,
    get latency() {
      return gateway.latency;
    },
    set latency(ms) {
      gateway.latency = ms;
    },
    compute(postgresUrl: string): string {
      const url = new URL(postgresUrl);
      made += 1;
      const host = `ep-${made}.gateway.test`;
      addresses.set(host, `${url.hostname}:${url.port === '' ? 5432 : url.port}`);
      const pool = new pg.Pool({ connectionString: postgresUrl, max: 12, idleTimeoutMillis: 5000 });
      pool.on('error', () => undefined);
      computes.set(host, pool);
      return `postgresql://${url.username === '' ? 'neondb_owner' : url.username}:${PASSWORD}@${host}${url.pathname}`;
    },
    async remove(url: string): Promise<void> {
      const { hostname } = new URL(url);
      const pool = computes.get(hostname);
      computes.delete(hostname);
      await pool?.end();
    },
    wsProxy: (host: string, port: string | number) => `127.0.0.1:${gateway.port}/v2?address=${host}:${port}`,
    get webSockets() {
      return bridge.opened;
    },
    cutWebSockets: () => bridge.cut(),
  };
}

async function answer(
  { path, headers, body, gone }: GatewayRequest,
  computes: ReadonlyMap<string, pg.Pool>,
  { maxRequest, maxResponse }: Required<NeonLimits>,
): Promise<GatewayAnswer> {
  try {
    if (path !== '/sql') throw new Refusal(404, 'not found');
    const pool = poolOf(headers['neon-connection-string'], headers.authorization, computes);
    if (Buffer.byteLength(body) > maxRequest) {
      throw new Refusal(413, `request is too large (max is ${maxRequest} bytes)`);
    }
    return await withClient(pool, gone, (client) => run(client, headers, body, maxResponse));
  } catch (error) {
    return refuse(error);
  }
}

function poolOf(
  connectionString: string | undefined,
  authorization: string | undefined,
  computes: ReadonlyMap<string, pg.Pool>,
): pg.Pool {
  if (connectionString === undefined) throw new Refusal(400, 'invalid connection string');
  const url = new URL(connectionString);
  const pool = computes.get(url.hostname);
  if (pool === undefined) throw new Refusal(400, 'The requested endpoint could not be found');
  const isAllowed = authorization === undefined ? url.password === PASSWORD : authorization === 'Bearer a-good-token';
  if (!isAllowed) throw new Refusal(400, `password authentication failed for user '${url.username}'`);
  return pool;
}

// A client that goes away has its statement cancelled, as the proxy does; its connection is not used again.
async function withClient<R>(pool: pg.Pool, gone: AbortSignal, work: (client: pg.PoolClient) => Promise<R>) {
  const client = await pool.connect();
  const { processID } = client as unknown as { processID: number };
  const cancel = (): void => void pool.query('SELECT pg_cancel_backend($1)', [processID]).catch(() => undefined);
  gone.addEventListener('abort', cancel, { once: true });
  let isFit = true;
  try {
    return await work(client);
  } catch (error) {
    isFit = error instanceof Refusal || error instanceof pg.DatabaseError;
    throw error;
  } finally {
    gone.removeEventListener('abort', cancel);
    const status = (client as unknown as { getTransactionStatus(): string | null }).getTransactionStatus();
    client.release(!isFit || gone.aborted || status !== 'I');
  }
}

async function run(
  client: pg.PoolClient,
  headers: GatewayRequest['headers'],
  body: string,
  maxResponse: number,
): Promise<GatewayAnswer> {
  const payload = JSON.parse(body) as Query | { readonly queries: readonly Query[] };
  const one = (query: Query) => runQuery(client, query, headers, maxResponse);
  if (!('queries' in payload)) return { status: 200, body: await one(payload) };
  await client.query(`BEGIN${modeOf(headers)}`);
  try {
    const results = [];
    for (const query of payload.queries) results.push(await one(query));
    await client.query('COMMIT');
    return { status: 200, body: { results } };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

function modeOf(headers: GatewayRequest['headers']): string {
  const asked = headers['neon-batch-isolation-level'];
  const level = asked === undefined ? '' : LEVELS[asked];
  if (level === undefined) throw new Refusal(400, 'invalid isolation level');
  const modes = [
    level === '' ? '' : ` ISOLATION LEVEL ${level}`,
    headers['neon-batch-read-only'] === 'true' ? ' READ ONLY' : '',
    headers['neon-batch-deferrable'] === 'true' ? ' DEFERRABLE' : '',
  ];
  return modes.join('');
}

async function runQuery(
  client: pg.PoolClient,
  { query, params = [], arrayMode }: Query,
  headers: GatewayRequest['headers'],
  maxResponse: number,
): Promise<object> {
  if (headers['neon-raw-text-output'] !== 'true') throw new Refusal(400, 'this gateway answers in raw text only');
  const isArray = arrayMode ?? headers['neon-array-mode'] === 'true';
  const config = {
    text: query,
    values: params.map(toText),
    queryMode: 'extended',
    rowMode: 'array',
    types: { getTypeParser: () => (text: string) => text },
  };
  const { rows, fields, command, rowCount } = await client.query<unknown[]>(config as pg.QueryArrayConfig);
  const answer = {
    rowAsArray: isArray,
    fields: fields.map((field) => ({ ...field, format: 'text' })),
    rows: isArray ? rows : rows.map((row) => Object.fromEntries(row.map((v, i) => [fields[i]?.name, v]))),
    command,
    rowCount,
  };
  if (Buffer.byteLength(JSON.stringify(answer.rows)) > maxResponse) {
    throw new Refusal(507, `response is too large (max is ${maxResponse} bytes)`);
  }
  return answer;
}

function toText(value: unknown): string | null {
  if (value === null || typeof value === 'string') return value;
  return JSON.stringify(value);
}

function refuse(error: unknown): GatewayAnswer {
  const absent = Object.fromEntries(ERROR_FIELDS.map((name) => [name, null]));
  if (error instanceof pg.DatabaseError) {
    const fields = Object.fromEntries(ERROR_FIELDS.map((name) => [name, error[name] ?? null]));
    const { message, code = '', severity = '' } = error;
    return { status: 400, body: { message, code, severity, ...fields } };
  }
  // What is no error of the database has neither code nor severity, a connection that broke as well.
  const status = error instanceof Refusal ? error.status : 400;
  const message = error instanceof Refusal || error instanceof SyntaxError ? error.message : 'connection closed';
  return { status, body: { message, code: '', severity: '', ...absent } };
}
