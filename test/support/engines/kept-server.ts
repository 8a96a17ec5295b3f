import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { EngineKind, ServerBinaries, ServerPlan, ServerSettings } from './engine-kind.ts';

/** A server of our own: nobody else uses it, so that it may be stopped and killed. */
export interface KeptServer {
  readonly url: string;
  readonly port: number;
  /** Holds the server's data and log; removed by {@link close}. */
  readonly directory: string;
  /** Starts it again, on its port and data; resolves when it answers. */
  start(): Promise<void>;
  /** Ends it in good order: clients are told, data is written. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL, as a crash would. */
  kill(): Promise<void>;
  /** Ends it and removes all that it left. */
  close(): Promise<void>;
}

type Answer = { readonly id: number; readonly error?: string } | { readonly exited: string };

const KEEPER = fileURLToPath(new URL('./keeper.mjs', import.meta.url));
const ATTEMPTS = 5;
const START_LIMIT_MS = 60_000;

/** Makes a data directory and starts a server on it, on a free port of 127.0.0.1. */
export function keepServer(
  kind: EngineKind,
  binaries: ServerBinaries,
  settings: ServerSettings = {},
): Promise<KeptServer> {
  return keepPlannedServer(kind, (directory, port) => kind.plan(binaries, directory, port, settings));
}

/** Carries a plan out, in a new directory and on a free port of 127.0.0.1. */
export async function keepPlannedServer(
  kind: EngineKind,
  planFor: (directory: string, port: number) => ServerPlan,
): Promise<KeptServer> {
  const directory = await mkdtemp(join(tmpdir(), `meshestra-${kind.name}-`));
  const port = await freePort();
  const plan = planFor(directory, port);
  const keeper = fork(KEEPER, [JSON.stringify(plan)], {
    detached: true,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // The tests' process may end while its servers run: the keeper sees it and cleans up.
  keeper.unref();
  keeper.channel?.unref();
  const ask = askKeeper(keeper);
  const server: KeptServer = {
    url: kind.url(port),
    port,
    directory,
    start: () => startServer(kind, keeper, ask, kind.url(port)),
    stop: () => ask('stop'),
    kill: () => ask('kill'),
    close: () => endKeeper(keeper, ask),
  };
  try {
    await ask('initialize');
    await server.start();
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
}

type Ask = (action: string) => Promise<void>;

async function endKeeper(keeper: ChildProcess, ask: Ask): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return;
  keeper.ref();
  const end = once(keeper, 'exit');
  await ask('close');
  await end;
}

function askKeeper(keeper: ChildProcess): Ask {
  let asked = 0;
  return (action) => {
    asked += 1;
    const id = asked;
    // Who waits for an answer keeps the process alive.
    keeper.channel?.ref();
    return new Promise<void>((resolve, reject) => {
      const finish = (error?: string): void => {
        keeper.off('message', onMessage).off('exit', onExit);
        keeper.channel?.unref();
        if (error === undefined) resolve();
        else reject(new Error(error));
      };
      const onMessage = (answer: Answer): void => {
        if ('id' in answer && answer.id === id) finish(answer.error);
      };
      const onExit = (): void => finish(`the keeper of the server ended before it did '${action}'`);
      keeper.on('message', onMessage).once('exit', onExit);
      keeper.send({ id, action });
    });
  };
}

/** A server that was killed a moment ago may still hold its port or memory, so that a start is tried a few times. */
async function startServer(kind: EngineKind, keeper: ChildProcess, ask: Ask, url: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    let exited: string | undefined;
    const onMessage = (answer: Answer): void => {
      if ('exited' in answer) exited = answer.exited;
    };
    keeper.on('message', onMessage);
    keeper.channel?.ref();
    try {
      await ask('start');
      keeper.channel?.ref();
      const failure = await untilItAnswers(kind, url, () => exited);
      if (failure === undefined) return;
      if (attempt === ATTEMPTS) throw new Error(`${kind.label} did not start:\n${failure}`);
    } finally {
      keeper.off('message', onMessage);
      keeper.channel?.unref();
    }
    await sleep(200 * attempt);
  }
}

/** Undefined when the server answers, else why it does not. */
async function untilItAnswers(
  kind: EngineKind,
  url: string,
  exited: () => string | undefined,
): Promise<string | undefined> {
  const limit = performance.now() + START_LIMIT_MS;
  let last = 'no answer';
  while (performance.now() < limit) {
    const end = exited();
    if (end !== undefined) return end;
    try {
      await (await kind.connect(url)).close();
      return undefined;
    } catch (error) {
      last = String(error);
    }
    await sleep(50);
  }
  return last;
}

/**
 * A port of 127.0.0.1 that nobody listens on. Below the range that systems take the ports of outgoing connections from,
 * so that it is still free when the server is started a second time.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}
