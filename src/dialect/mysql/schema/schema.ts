import type { SchemaDialect } from '../../../compiler/schema-dialect.ts';
import { canonicalize } from './canonicalize.ts';
import { changeSteps } from './change-steps.ts';
import { describeTables } from './describe-tables.ts';
import { foreignType } from './foreign-type.ts';
import { inspectDatabase } from './inspect-tables.ts';
import { misfit } from './misfit.ts';

/** The schema of MySQL and MariaDB: read from SHOW CREATE TABLE, and changed in statements that each commit by themselves. */
export const schema: SchemaDialect = {
  describe: describeTables,
  inspect: inspectDatabase,
  canonicalize,
  needsScratch: true,
  steps: changeSteps,
  hasOnline: false,
  foreignType,
  misfit,
};
