import type { SchemaDialect } from '../../../compiler/schema-dialect.ts';
import { canonicalTables } from './canonical-tables.ts';
import { changeSteps } from './change-steps.ts';
import { describeTables } from './describe-tables.ts';
import { foreignType } from './foreign-type.ts';
import { inspectTables } from './inspect-tables.ts';
import { misfit } from './misfit.ts';

/** Tables of SQLite: their texts are read, and a table that cannot change where it stands is built anew. */
export const schema: SchemaDialect = {
  describe: describeTables,
  inspect: inspectTables,
  canonicalize: async (model) => canonicalTables(model),
  needsScratch: false,
  steps: changeSteps,
  hasOnline: false,
  foreignType,
  misfit,
};
