import { findEngine } from '../../support/engines/find-engine.ts';
import { loadSuite } from '../../support/servers/load-suite.ts';

loadSuite({ name: 'pg', engine: 'postgres' }, await findEngine('postgres'));
