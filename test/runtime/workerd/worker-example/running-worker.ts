import { sign } from 'hono/jwt';
import { Miniflare, type MiniflareOptions } from 'miniflare';
import { bundleWorkerCode } from '../workerd.ts';
import { type BuiltWorker, readConfiguration } from './build-worker.ts';

/** What the tokens of the tests are signed with. */
export const SECRET = 'a secret of more than 32 characters';

/** What a request is sent with, beside its path. */
export interface Sent {
  readonly method?: string;
  /** A role to sign a token for; by default `admin`. */
  readonly role?: string;
  /** The whole header Authorization in place of a role's token. */
  readonly authorization?: string | null;
  /** An object is sent as JSON, a text as it is. */
  readonly body?: unknown;
  readonly type?: string;
}

/** What an answer may hold, of which the tests read single properties. */
interface Shown {
  readonly id: number;
  readonly version: number;
  readonly title: string;
  readonly name: string;
  readonly items: readonly Shown[];
  readonly next: string | null;
  readonly errors: readonly { readonly pointer?: string; readonly parameter?: string; readonly detail: string }[];
}

/** An answer, read. */
export interface Answered {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** The body as JSON; of a problem document, too. */
  readonly body: Shown;
}

/** The worker in workerd. */
export interface RunningWorker {
  send(path: string, sent?: Sent): Promise<Answered>;
  /** What the worker has printed. */
  logged(): string;
  /** The requests to D1 so far. */
  countD1(): Promise<number>;
  stop(): Promise<void>;
}

/** A token that says what is given, signed. */
export function signToken(claims: Readonly<Record<string, unknown>>, secret = SECRET): Promise<string> {
  return sign({ sub: 'somebody', exp: Math.floor(Date.now() / 1000) + 600, ...claims }, secret, 'HS256');
}

/** Starts the built worker by its own configuration, with more bindings; each start has a D1 of its own, in memory. */
export async function runWorker(
  { script }: BuiltWorker,
  bindings: Readonly<Record<string, string | undefined>> = {},
): Promise<RunningWorker> {
  const { compatibility_date, compatibility_flags, d1_databases } = await readConfiguration();
  const counting = "export { default } from './test/runtime/workerd/worker-example/counting-worker.ts';";
  const given = Object.entries({ JWT_SECRET: SECRET, ...bindings }).filter(([, value]) => value !== undefined);
  let logged = '';
  const workerd = new Miniflare({
    modulesRoot: '/',
    modules: [
      {
        type: 'ESModule',
        path: '/counting-worker.js',
        contents: await bundleWorkerCode(counting, ['built-worker.js']),
      },
      { type: 'ESModule', path: '/built-worker.js', contents: script },
    ],
    compatibilityDate: compatibility_date,
    compatibilityFlags: compatibility_flags,
    d1Databases: Object.fromEntries(d1_databases.map(({ binding }) => [binding, binding])),
    bindings: Object.fromEntries(given),
    handleRuntimeStdio(...streams: NodeJS.ReadableStream[]) {
      for (const stream of streams) {
        stream.on('data', (chunk) => {
          logged += String(chunk);
        });
      }
    },
  } as MiniflareOptions);
  const dispatch = async (path: string, sent: Sent = {}) =>
    workerd.dispatchFetch(`http://worker${path}`, await requestOf(sent));
  return {
    async send(path, sent) {
      const response = await dispatch(path, sent);
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: JSON.parse(text === '' ? 'null' : text) as Shown,
      };
    },
    logged: () => logged,
    countD1: async () => Number(await (await dispatch('/counted')).text()),
    stop: () => workerd.dispose(),
  };
}

async function requestOf({ method, role = 'admin', authorization, body, type = 'application/json' }: Sent) {
  const token = authorization === undefined ? `Bearer ${await signToken({ role })}` : authorization;
  const auth = token === null ? {} : { authorization: token };
  if (body === undefined) return { method: method ?? 'GET', headers: auth };
  return {
    method: method ?? 'POST',
    headers: { ...auth, 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}
