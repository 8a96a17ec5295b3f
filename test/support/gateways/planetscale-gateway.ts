import { createHmac } from 'node:crypto';
import { type GatewayAnswer, type GatewayRequest, type HttpGateway, openGateway } from './http-gateway.ts';
import { VitessKeyspace, type VitessLimits, type VitessSession } from './vitess-keyspace.ts';
import { VitessRefusal } from './vitess-refusal.ts';

/** A gateway that speaks PlanetScale's protocol in front of a MariaDB or MySQL server. */
export interface PlanetscaleGateway extends HttpGateway {
  /** Adds a database, as a branch of a project has one, and gives the URL that applications know it by. */
  branch(mysqlUrl: string): string;
  /** Forgets a branch, and closes its connections. */
  remove(url: string): Promise<void>;
}

/** The limits of a gateway. */
export interface PlanetscaleLimits extends VitessLimits {
  /** Bytes. */
  readonly maxRequest?: number;
}

interface Body {
  readonly query?: string;
  readonly session?: { readonly signature: string; readonly vitessSession: VitessSession } | null;
}

const PASSWORD = 'pscale_pw_p@ss';
const SIGNING = 'a key of the gateway';

/**
 * Opens a gateway, modelled on the client (github.com/planetscale/database-js), on github.com/planetscale/psdb and on
 * github.com/mattrobenolt/ps-http-sim: `psdb.v1alpha1.Database/Execute` and `…/CreateSession`.
 */
export async function openPlanetscaleGateway(limits: PlanetscaleLimits = {}): Promise<PlanetscaleGateway> {
  const { maxRequest = 64 * 2 ** 20 } = limits;
  const branches = new Map<string, VitessKeyspace>();
  let made = 0;
  const gateway = await openGateway({
    answer: (request) => answer(request, branches, maxRequest),
    close: async () => void (await Promise.all([...branches.values()].map((keyspace) => keyspace.close()))),
  });
  return Object.assign(gateway, {
    branch(mysqlUrl: string): string {
      made += 1;
      branches.set(`user${made}`, new VitessKeyspace(mysqlUrl, limits));
      const database = new URL(mysqlUrl).pathname;
      return `mysql://user${made}:${encodeURIComponent(PASSWORD)}@aws.connect.psdb.test${database}?sslaccept=strict`;
    },
    async remove(url: string): Promise<void> {
      const { username } = new URL(url);
      const keyspace = branches.get(username);
      branches.delete(username);
      await keyspace?.close();
    },
  });
}

async function answer(
  { path, headers, body, gone }: GatewayRequest,
  branches: ReadonlyMap<string, VitessKeyspace>,
  maxRequest: number,
): Promise<GatewayAnswer> {
  const keyspace = keyspaceOf(headers.authorization, branches);
  if (keyspace === undefined) return { status: 401, body: 'unauthenticated' };
  if (Buffer.byteLength(body) > maxRequest) return { status: 413, body: 'payload too large' };
  const { query = '', session: given } = JSON.parse(body) as Body;
  const session = given == null ? keyspace.newSession() : verified(given);
  if (session === null) return { status: 403, body: 'the session was not signed here' };
  if (path === '/psdb.v1alpha1.Database/CreateSession') {
    return {
      status: 200,
      body: { branch: 'main', user: { username: 'gateway', psid: '1' }, session: signed(session) },
    };
  }
  if (path !== '/psdb.v1alpha1.Database/Execute') return { status: 404, body: 'not found' };
  try {
    const started = performance.now();
    const [next, result] = await keyspace.execute(session, query, gone);
    return { status: 200, body: { session: signed(next), result, timing: (performance.now() - started) / 1000 } };
  } catch (error) {
    if (!(error instanceof VitessRefusal)) throw error;
    const { session: after = session } = error as { session?: VitessSession };
    return { status: 200, body: { session: signed(after), error: { message: error.message, code: 'UNKNOWN' } } };
  }
}

function keyspaceOf(
  authorization: string | undefined,
  branches: ReadonlyMap<string, VitessKeyspace>,
): VitessKeyspace | undefined {
  const [, token = ''] = /^Basic (.*)$/.exec(authorization ?? '') ?? [];
  const [, user = '', password] = /^([^:]*):(.*)$/s.exec(Buffer.from(token, 'base64').toString('latin1')) ?? [];
  return password === PASSWORD ? branches.get(user) : undefined;
}

function signed(vitessSession: VitessSession) {
  return { signature: signatureOf(vitessSession), vitessSession };
}

function verified({ signature, vitessSession }: NonNullable<Body['session']>): VitessSession | null {
  return signature === signatureOf(vitessSession) ? vitessSession : null;
}

function signatureOf(session: VitessSession): string {
  return createHmac('sha256', SIGNING).update(JSON.stringify(session)).digest('base64');
}
