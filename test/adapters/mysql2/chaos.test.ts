import { mysql2 } from '../../../adapters/mysql2/index.ts';
import { findServerBinaries } from '../../support/engines/find-engine.ts';
import { chaosSuite } from '../../support/servers/chaos-suite.ts';

chaosSuite(
  { name: 'mysql2', engine: 'mysql', driver: (url, pool) => mysql2({ url, pool }) },
  await findServerBinaries('mysql'),
);
