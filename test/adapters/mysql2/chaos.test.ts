import { mysql2 } from '../../../adapters/mysql2/index.ts';
import { findServerBinaries } from '../../support/engines/find-engine.ts';
import { chaosSuite } from '../../support/servers/chaos-suite.ts';

const binaries = await findServerBinaries('mysql');

chaosSuite({ name: 'mysql2', engine: 'mysql', driver: (url, pool) => mysql2({ url, pool }) }, binaries);
chaosSuite(
  {
    name: 'mysql2 with a pipeline',
    engine: 'mysql',
    driver: (url, pool) => mysql2({ url, pool, pipeline: true }),
    flushesAtOnce: true,
  },
  binaries,
);
