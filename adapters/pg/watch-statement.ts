import { type CancelRequest, cancelStatement } from './cancel-statement.ts';
import type { PgClient } from './pg-module.ts';

/** Why a statement was stopped: its signal fired, or it ran for too long. */
export type StopReason = 'aborted' | 'late';

/** How long the server may take to stop a statement, before its connection is closed. */
const GRACE = 5000;

/**
 * Waits for an answer and has the server stop the statement when its signal fires or its time is up, of which `onStop`
 * is told. Gives the answer even so, where the statement was through by then.
 */
export async function watchStatement<R>(
  client: PgClient,
  answer: Promise<R>,
  { signal, timeout }: { readonly signal?: AbortSignal | undefined; readonly timeout: number },
  onStop: (reason: StopReason) => void,
): Promise<R> {
  const timers: ReturnType<typeof setTimeout>[] = [];
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
    timers.push(setTimeout(giveUp, GRACE));
  };
  const onAbort = () => stop('aborted');
  if (timeout > 0) timers.push(setTimeout(() => stop('late'), timeout));
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await answer;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // What is still on its way could stop the next statement instead.
    await stopping?.done;
    for (const timer of timers) clearTimeout(timer);
  }
}
