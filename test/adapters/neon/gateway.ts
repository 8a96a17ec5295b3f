import { neonConfig } from '@neondatabase/serverless';
import WebSocket from 'ws';
import { engineTitle, findEngine } from '../../support/engines/find-engine.ts';
import { createScratchDatabase, type ScratchDatabase } from '../../support/engines/scratch-database.ts';
import { type ServerSessions, watchSessions } from '../../support/engines/server-sessions.ts';
import { type NeonGateway, type NeonLimits, openNeonGateway } from '../../support/gateways/neon-gateway.ts';

/** A gateway before the server of the tests, and a database of its own in it. */
export interface TestGateway {
  /** Why there is none. */
  readonly missing: string | undefined;
  title(text: string): string;
  gateway(): NeonGateway;
  database(): ScratchDatabase;
  /** The URL of an empty schema of its own, for requests over HTTP. */
  url(): Promise<string>;
  /** The same, to be dropped when it is not needed any more. */
  ownUrl(): Promise<{ readonly url: string; drop(): Promise<void> }>;
  /** The same for WebSockets, whose clients say themselves which schema they want. */
  poolUrl(): Promise<string>;
  /** The sessions of the server, seen from outside. */
  sessions(): Promise<ServerSessions>;
  drop(): Promise<void>;
}

/** Opens the gateway, and has the package send its requests there. */
export async function openTestGateway(limits: NeonLimits = {}): Promise<TestGateway> {
  const engine = await findEngine('postgres');
  const scratch = engine.missing === undefined ? await createScratchDatabase('postgres', engine) : undefined;
  const opened = scratch === undefined ? undefined : await openNeonGateway(limits);
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error(engine.missing);
    return value;
  };
  neonConfig.fetchEndpoint = () => `${there(opened).origin}/sql`;
  neonConfig.webSocketConstructor = WebSocket;
  neonConfig.useSecureWebSocket = false;
  neonConfig.wsProxy = (host, port) => there(opened).wsProxy(host, port);
  let schemas = 0;
  let sessions: Promise<ServerSessions> | undefined;
  const newSchema = async (): Promise<string> => {
    schemas += 1;
    await there(scratch).query(`CREATE SCHEMA law_${schemas}`);
    return `options=-c%20search_path=law_${schemas}`;
  };
  const url = async () => there(opened).compute(`${there(scratch).url}?${await newSchema()}`);
  let shared: string | undefined;
  return {
    missing: engine.missing,
    title: (text) => engineTitle(text, engine),
    gateway: () => there(opened),
    database: () => there(scratch),
    url,
    async ownUrl() {
      const own = await url();
      return { url: own, drop: () => there(opened).remove(own) };
    },
    async poolUrl() {
      shared ??= there(opened).compute(there(scratch).url);
      return `${shared}?${await newSchema()}`;
    },
    sessions() {
      if (engine.missing !== undefined) throw new Error(engine.missing);
      // From another database, so that the watcher does not see itself.
      sessions ??= watchSessions('postgres', engine.url);
      return sessions;
    },
    async drop() {
      await (await sessions)?.close();
      await opened?.close();
      await scratch?.drop();
    },
  };
}
