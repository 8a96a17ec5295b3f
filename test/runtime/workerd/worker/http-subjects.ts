import * as serverless from '@neondatabase/serverless';
import { httpCapabilities } from '../../../../adapters/neon/capabilities.ts';
import { neonFetch } from '../../../../adapters/neon/fetch.ts';
import { neon } from '../../../../adapters/neon/index.ts';
import { planetscaleCapabilities } from '../../../../adapters/planetscale/capabilities.ts';
import { planetscale } from '../../../../adapters/planetscale/index.ts';
import { mysqlTells, postgresTells, type TellsDifferently } from '../../../conformance/constraints/told.ts';
import type { Subject } from '../../../conformance/subject.ts';
import { refusedByMysql } from '../../../support/mysql-values.ts';
import { refusedByPostgres } from '../../../support/postgres-values.ts';
import { type HttpDatabase, openOverHttp } from './subjects.ts';

const neonParts = { capabilities: httpCapabilities, refuses: refusedByPostgres, knownFailures: {} } as const;

/** The subjects whose drivers speak HTTP, and what their engines tell of a violated constraint. */
export const httpSubjects: readonly { readonly subject: Subject; readonly tells: TellsDifferently }[] = [
  {
    tells: mysqlTells,
    subject: {
      name: 'planetscale in workerd',
      capabilities: planetscaleCapabilities,
      open: (entities, wrap = (driver) => driver) =>
        openOverHttp('planetscale', ({ url, origin }) => wrap(planetscale({ url, endpoint: origin })), entities),
      refuses: refusedByMysql,
      longestKey: 255,
      knownFailures: {},
    },
  },
  {
    tells: postgresTells,
    subject: {
      name: 'neon/fetch in workerd',
      open: (entities, wrap = (driver) => driver) =>
        openOverHttp('neon', ({ url, origin }) => wrap(neonFetch({ url, endpoint: `${origin}/sql` })), entities),
      ...neonParts,
    },
  },
  {
    tells: postgresTells,
    subject: {
      name: 'neon in workerd',
      open: (entities, wrap = (driver) => driver) =>
        openOverHttp('neon', (database) => wrap(byPackage(database)), entities),
      ...neonParts,
    },
  },
];

function byPackage({ url, origin }: HttpDatabase) {
  serverless.neonConfig.fetchEndpoint = () => `${origin}/sql`;
  return neon({ url, neon: serverless });
}

/** Asks the desk of the test for databases. */
export function databaseOf(desk: string): (vendor: string) => Promise<HttpDatabase> {
  const ask = async (path: string, body: string) => (await fetch(`${desk}/${path}`, { method: 'POST', body })).json();
  return async (vendor) => {
    const { url, origin } = (await ask(vendor, '')) as { url: string; origin: string };
    return { url, origin, drop: async () => void (await ask('drop', url)) };
  };
}
