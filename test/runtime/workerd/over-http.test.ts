import { afterAll, describe, vi } from 'vitest';
import { httpCapabilities } from '../../../adapters/neon/capabilities.ts';
import { planetscaleCapabilities } from '../../../adapters/planetscale/capabilities.ts';
import { openTestGateway as openNeon } from '../../adapters/neon/gateway.ts';
import { openTestGateway as openPlanetscale } from '../../adapters/planetscale/gateway.ts';
import { constraintSuite } from '../../conformance/constraint-suite.ts';
import { mysqlTells, postgresTells } from '../../conformance/constraints/told.ts';
import { driverSuite } from '../../conformance/driver-suite.ts';
import { flushSuite } from '../../conformance/flush-suite.ts';
import type { Subject } from '../../conformance/subject.ts';
import { valueSuite } from '../../conformance/value-suite.ts';
import { openGateway } from '../../support/gateways/http-gateway.ts';
import { refusedByMysql } from '../../support/mysql-values.ts';
import { refusedByPostgres } from '../../support/postgres-values.ts';
import { lawsInWorkerd } from './workerd.ts';

vi.setConfig({ testTimeout: 240_000 });

const overNeon = await openNeon();
const overPlanetscale = await openPlanetscale();

/** What was given out, and how it is taken back. */
const given = new Map<string, () => Promise<void>>();

async function give(vendor: string): Promise<{ readonly url: string; readonly origin: string }> {
  if (vendor === 'neon') {
    const { url, drop } = await overNeon.ownUrl();
    given.set(url, drop);
    return { url, origin: overNeon.gateway().origin };
  }
  const { url, drop } = await overPlanetscale.database();
  given.set(url, drop);
  return { url, origin: overPlanetscale.gateway().origin };
}

/** Gives out databases to the worker, which cannot make one. */
const desk = await openGateway({
  async answer({ path, body }) {
    if (path !== '/drop') return { status: 200, body: await give(path.slice(1)) };
    const drop = given.get(body);
    given.delete(body);
    await drop?.();
    return { status: 200, body: {} };
  },
  async close() {
    await overNeon.drop();
    await overPlanetscale.drop();
  },
});

const laws = {
  planetscale: await lawsInWorkerd('planetscale in workerd', desk.origin),
  fetch: await lawsInWorkerd('neon/fetch in workerd', desk.origin),
  neon: await lawsInWorkerd('neon in workerd', desk.origin),
};
afterAll(async () => {
  for (const { stop } of Object.values(laws)) await stop();
  await desk.close();
});

const subjectOf = (
  parts: Pick<Subject, 'name' | 'capabilities' | 'refuses' | 'longestKey'>,
  runs: keyof typeof laws,
): Subject => ({
  open: () => Promise.reject(new Error('the driver runs in workerd')),
  elsewhere: laws[runs].elsewhere,
  knownFailures: {},
  ...parts,
});

const onPlanetscale = subjectOf(
  { name: 'planetscale in workerd', capabilities: planetscaleCapabilities, refuses: refusedByMysql, longestKey: 255 },
  'planetscale',
);
const neonParts = { capabilities: httpCapabilities, refuses: refusedByPostgres } as const;
const onFetch = subjectOf({ name: 'neon/fetch in workerd', ...neonParts }, 'fetch');
const onNeon = subjectOf({ name: 'neon in workerd', ...neonParts }, 'neon');

describe.skipIf(overPlanetscale.missing !== undefined)(overPlanetscale.title('PlanetScale in workerd'), () => {
  driverSuite(onPlanetscale);
  valueSuite(onPlanetscale);
  flushSuite(onPlanetscale);
  constraintSuite(onPlanetscale, mysqlTells);
});

describe.skipIf(overNeon.missing !== undefined)(overNeon.title('Neon in workerd'), () => {
  driverSuite(onFetch);
  valueSuite(onFetch);
  flushSuite(onFetch);
  constraintSuite(onFetch, postgresTells);
  driverSuite(onNeon);
});
