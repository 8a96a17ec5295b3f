import { findEngine } from '../../support/engines/find-engine.ts';
import { loadSuite } from '../../support/servers/load-suite.ts';

loadSuite({ name: 'mysql2', engine: 'mysql' }, await findEngine('mysql'));
