import { ConnectionError, type ConnectionSource } from '../../src/port.ts';

/** A connection of a {@link ScriptedSource}. */
export interface ScriptedConnection {
  readonly id: number;
  state: 'idle' | 'lent' | 'closed';
}

/** How the next connections behave: answered at once unless scripted otherwise, by one act for each attempt. */
export type OpenAct = 'open' | 'hang' | Error;

/** A driver's pool without a driver: the newest idle connection first, as pg-pool and mysql2 do it. */
export interface ScriptedSource extends ConnectionSource<ScriptedConnection> {
  readonly connections: readonly ScriptedConnection[];
  readonly open: number;
  /** The most connections that were open at once. */
  readonly peak: number;
  /** What happened, in order: `open 1`, `take 1`, `release 1`, `destroy 1`, `check 1`, `fail`, `end`. */
  readonly log: readonly string[];
  /** What the next attempts to open a connection do. */
  readonly script: OpenAct[];
  /** The connections that do not answer a check: with an error, or never. */
  readonly dead: Map<number, Error | 'hang'>;
  /** Opens the connections that hang. */
  answer(): void;
  /** What else the source does wrong. */
  readonly faults: { release?: Error; destroy?: Error; end?: Error | 'hang' };
}

/** An error that may pass: the server is not there yet. */
export const refused = () => new ConnectionError('connect ECONNREFUSED', { retryable: true });

/** Makes a source over nothing, which notes what is asked of it. */
export function scriptedSource(): ScriptedSource {
  const connections: ScriptedConnection[] = [];
  const idle: ScriptedConnection[] = [];
  const hanging: (() => void)[] = [];
  const log: string[] = [];
  const script: OpenAct[] = [];
  const dead: ScriptedSource['dead'] = new Map();
  const faults: ScriptedSource['faults'] = {};
  let peak = 0;
  const isOpen = ({ state }: ScriptedConnection) => state !== 'closed';
  const openNew = (): ScriptedConnection => {
    const connection: ScriptedConnection = { id: connections.length + 1, state: 'lent' };
    connections.push(connection);
    peak = Math.max(peak, connections.filter(isOpen).length);
    log.push(`open ${connection.id}`);
    return connection;
  };
  const expectLent = (connection: ScriptedConnection) => {
    if (connection.state !== 'lent') throw new Error(`connection ${connection.id} is ${connection.state}`);
  };
  return {
    connections,
    get open() {
      return connections.filter(isOpen).length;
    },
    get peak() {
      return peak;
    },
    log,
    script,
    dead,
    faults,
    answer() {
      for (const act of hanging.splice(0)) act();
    },
    async acquire() {
      const free = idle.pop();
      if (free !== undefined) {
        free.state = 'lent';
        log.push(`take ${free.id}`);
        return free;
      }
      const act = script.shift() ?? 'open';
      if (act === 'open') return openNew();
      if (act === 'hang') return new Promise((resolve) => hanging.push(() => resolve(openNew())));
      log.push('fail');
      throw act;
    },
    release(connection) {
      expectLent(connection);
      if (faults.release !== undefined) throw faults.release;
      connection.state = 'idle';
      idle.push(connection);
      log.push(`release ${connection.id}`);
    },
    destroy(connection) {
      expectLent(connection);
      connection.state = 'closed';
      log.push(`destroy ${connection.id}`);
      if (faults.destroy !== undefined) throw faults.destroy;
    },
    async check(connection) {
      log.push(`check ${connection.id}`);
      const fault = dead.get(connection.id);
      if (fault === 'hang') await new Promise(() => undefined);
      if (fault instanceof Error) throw fault;
    },
    counts: () => ({ total: connections.filter(isOpen).length + hanging.length, idle: idle.length }),
    async end() {
      log.push('end');
      if (faults.end === 'hang') await new Promise(() => undefined);
      if (faults.end instanceof Error) throw faults.end;
      for (const connection of idle.splice(0)) connection.state = 'closed';
    },
  };
}
