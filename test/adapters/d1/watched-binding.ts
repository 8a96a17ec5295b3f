import type { D1Answer, D1Database, D1Executor, D1Session, D1Statement } from '../../../adapters/d1/index.ts';
import type { Faults } from '../../support/gateways/http-gateway.ts';

/** What D1 says on the way, in the words of Cloudflare's documentation. */
export type D1Fault =
  /** The work is done, and its answer never comes. */
  | 'answer lost'
  /** Nothing is done, and this is the error. */
  | { readonly says: string }
  /** The work is done, and its answer comes this many milliseconds later. */
  | { readonly late: number };

/** A binding whose requests are counted and made to fail, before a real one. */
export interface WatchedBinding extends Faults<D1Fault> {
  readonly binding: D1Database;
  /** Where each request went: the bookmark or constraint of its session, `null` for the primary. */
  readonly sessions: readonly (string | null)[];
}

/** A statement as it was prepared, and with its values. */
interface Watched extends D1Statement {
  readonly native: D1Statement;
  readonly text: string;
}

/** Stands between a driver and a real binding. */
export function watchBinding(real: D1Database): WatchedBinding {
  const requests: { path: string; body: string }[] = [];
  const sessions: (string | null)[] = [];
  const faults: { readonly fault: D1Fault; readonly text: string }[] = [];

  const send = async <R>(session: string | null, body: string, work: () => Promise<R>): Promise<R> => {
    requests.push({ path: 'd1', body });
    sessions.push(session);
    const place = faults.findIndex(({ text }) => body.includes(text));
    const [found] = place === -1 ? [] : faults.splice(place, 1);
    const fault = found?.fault;
    if (typeof fault === 'object' && 'says' in fault) throw new Error(fault.says);
    const answer = await work();
    if (fault === 'answer lost') throw new Error('D1_ERROR: Network connection lost.');
    if (typeof fault === 'object') await new Promise((resolve) => setTimeout(resolve, fault.late));
    return answer;
  };

  const executorOf = (native: D1Executor, session: string | null): D1Executor => {
    const watched = (statement: D1Statement, text: string): Watched => ({
      native: statement,
      text,
      bind: (...values) => watched(statement.bind(...values), `${text} ${JSON.stringify(values)}`),
      run: () => send(session, text, () => statement.run()),
      raw: (options) => send(session, text, () => statement.raw(options)),
    });
    return {
      prepare: (sql) => watched(native.prepare(sql), sql),
      batch: (statements) => {
        const all = statements as unknown as Watched[];
        const natives = all.map((statement) => statement.native);
        const body = all.map(({ text }) => text).join('\n');
        return send(session, body, () => native.batch(natives) as Promise<readonly D1Answer[]>);
      },
    };
  };

  const binding: D1Database = {
    ...executorOf(real, null),
    withSession(start): D1Session {
      if (real.withSession === undefined) throw new Error('this binding has no sessions');
      const native = real.withSession(start);
      return { ...executorOf(native, start), getBookmark: () => native.getBookmark() };
    },
  };
  return {
    binding,
    requests,
    sessions,
    fail: (fault, text = '') => void faults.push({ fault, text }),
    reset() {
      requests.length = 0;
      sessions.length = 0;
      faults.length = 0;
    },
  };
}
