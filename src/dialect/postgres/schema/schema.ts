import type { SchemaDialect } from '../../../compiler/schema-dialect.ts';
import { canonicalize } from './canonicalize.ts';
import { changeSteps } from './change-steps.ts';
import { convert } from './conversion.ts';
import { describeTables } from './describe-tables.ts';
import { foreignType } from './foreign-type.ts';
import { inspectDatabase } from './inspect-tables.ts';

/** The schema of PostgreSQL 13 and later: read from pg_catalog, and changed in the migration's transaction. */
export const schema: SchemaDialect = {
  describe: describeTables,
  inspect: inspectDatabase,
  canonicalize,
  needsScratch: true,
  steps: (changes, online = false) => changeSteps(changes, online),
  hasOnline: true,
  foreignType,
  misfit: (before, after) => convert(before, after).misfit,
};
