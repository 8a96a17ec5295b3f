import type { Clock } from '../../wire/clock.ts';
import { type CancelRequest, cancelStatement } from './cancel-statement.ts';
import type { PostgresClient } from './client.ts';

/** Why a statement was stopped: its signal fired, or it ran for too long. */
export type StopReason = 'aborted' | 'late';

/** How long the server may take to stop a statement, before its connection is closed. */
const GRACE = 5000;

/**
 * Waits for an answer and has the server stop the statement when its signal fires or its time is up, of which `onStop`
 * is told. Gives the answer even so, where the statement was through by then.
 */
export async function watchStatement<R>(
  client: PostgresClient,
  answer: Promise<R>,
  { signal, timeout }: { readonly signal?: AbortSignal | undefined; readonly timeout: number },
  clock: Clock,
  onStop: (reason: StopReason) => void,
): Promise<R> {
  const over = new AbortController();
  const afterwards = (ms: number, then: () => void) => void clock.sleep(ms, over.signal).then(then, () => undefined);
  let stopping: CancelRequest | undefined;
  const stop = (reason: StopReason) => {
    if (stopping !== undefined) return;
    onStop(reason);
    const request = cancelStatement(client);
    stopping = request;
    const giveUp = () => {
      client.connection.stream.destroy();
      // A server that answers nothing does not answer this either.
      request.abandon();
    };
    afterwards(GRACE, giveUp);
  };
  const onAbort = () => stop('aborted');
  if (timeout > 0) afterwards(timeout, () => stop('late'));
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await answer;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // What is still on its way could stop the next statement instead.
    await stopping?.done;
    over.abort();
  }
}
