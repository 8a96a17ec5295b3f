import { afterAll, beforeAll, describe } from 'vitest';
import { engineTitle, startPrivateServer } from '../engines/find-engine.ts';
import type { KeptServer } from '../engines/kept-server.ts';
import type { FoundBinaries } from '../engines/locate-engine.ts';
import { killedSessions } from './killed-sessions.ts';
import { lostAnswers } from './lost-answers.ts';
import { outages } from './outages.ts';
import type { ServerAdapter } from './server-adapter.ts';

/**
 * What an adapter does when its server fails it: sessions that are ended, answers that are lost, a server that goes away
 * and comes back. Runs on a server of its own, which it stops and kills.
 */
export function chaosSuite(adapter: ServerAdapter, binaries: FoundBinaries): void {
  describe.skipIf(binaries.missing !== undefined)(engineTitle(`${adapter.name} in chaos`, binaries), () => {
    let server: KeptServer | undefined;
    beforeAll(async () => {
      server = await startPrivateServer(adapter.engine, binaries);
    });
    afterAll(() => server?.close());
    const running = (): KeptServer => {
      if (server === undefined) throw new Error('the server did not start');
      return server;
    };
    describe('sessions that the server ends', () => killedSessions(adapter, running));
    describe('answers that are lost', () => lostAnswers(adapter, running));
    describe('a server that goes away', () => outages(adapter, running));
  });
}
