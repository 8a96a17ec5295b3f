import type { MaybePromise, Transaction } from '../../src/port.ts';
import type { Exchange } from './exchange.ts';
import type { StatementKind } from './record/logged-statement.ts';
import type { OpenRecord } from './record/recorded-transaction.ts';

type Inside = NonNullable<Transaction['transact']>;
type Options = Parameters<Inside>[1];

/**
 * A transaction inside of another one, of a driver that has no SAVEPOINT to be sent as a statement: the record shows it as a
 * savepoint all the same, and faults strike its parts as they would strike those statements.
 */
export async function recordedInside<R>(
  exchange: Exchange,
  record: OpenRecord,
  transact: Inside,
  options: Options,
  work: (inner: Transaction) => MaybePromise<R>,
): Promise<R> {
  const name = `"inside ${record.statements.length}"`;
  const control = async (verb: string, kind: StatementKind, signal?: AbortSignal): Promise<void> => {
    const noted = exchange.recorder.note({ sql: `${verb} ${name}`, params: [] }, kind, record, []);
    exchange.passedOn(noted);
    await exchange.keep(noted, record, async () => {
      if (await exchange.admit(noted, record, signal)) throw exchange.lostAnswer(noted, record);
    });
  };
  return transact(async (inner) => {
    await control('SAVEPOINT', 'savepoint', options?.signal);
    try {
      const result = await work(inner);
      await control('RELEASE SAVEPOINT', 'release', options?.signal);
      return result;
    } catch (error) {
      // The driver goes back to it whatever is told of that here.
      await control('ROLLBACK TO SAVEPOINT', 'rollback-to').catch(() => undefined);
      throw error;
    }
  }, options);
}
