import type { MigrationPlan, PlannedSide } from '../src/migration/index.ts';
import { type Printable, printLiteral } from './print-literal.ts';

/** A migration that is to be written: its name, and what it does on one dialect. */
export interface MigrationDraft {
  readonly version: string;
  readonly name: string;
  /** The name of the dialect; null where it is the same on all. */
  readonly dialect: string | null;
  /** Null for one that somebody is to write. */
  readonly plan: MigrationPlan | null;
}

/** The name of the constant that a migration is exported by. */
export function constantName(version: string): string {
  return `migration${version.replaceAll(/[^A-Za-z0-9]/g, '_')}`;
}

/** The text of a migration as a TypeScript module. */
export function writeTypeScript({ version, name, dialect, plan }: MigrationDraft): string {
  const side = (planned: PlannedSide | undefined): Printable => {
    const sides = planned === undefined ? { steps: [] } : describeSide(planned);
    return dialect === null ? sides : { [dialect]: sides };
  };
  const declaration = printLiteral({ version, name, up: side(plan?.up), down: side(plan?.down) });
  return `import { defineMigration } from 'meshestra/migrations';\n\nexport const ${constantName(version)} = defineMigration(${declaration});\n`;
}

function describeSide({ steps, atStake }: PlannedSide): Printable {
  const described = steps.map((step): Printable => {
    if (typeof step === 'string') return step;
    return 'outside' in step ? { outside: step.outside } : { rebuild: step.rebuild, statements: step.statements };
  });
  if (atStake.length === 0) return { steps: described };
  return { steps: described, atStake: atStake.map(({ kind, what, count, sample }) => ({ kind, what, count, sample })) };
}
