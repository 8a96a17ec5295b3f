import { pg } from '../../../adapters/pg/index.ts';
import { findServerBinaries } from '../../support/engines/find-engine.ts';
import { chaosSuite } from '../../support/servers/chaos-suite.ts';

chaosSuite(
  { name: 'pg', engine: 'postgres', driver: (url, pool) => pg({ url, pool }) },
  await findServerBinaries('postgres'),
);
