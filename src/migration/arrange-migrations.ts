import { MigrationError, type MigrationProblem } from '../errors.ts';
import { checksumOf } from './checksum.ts';
import { compareVersions } from './compare-versions.ts';
import type { Migration, MigrationItem, MigrationSide, MigrationSides } from './migration.ts';
import { titleOf } from './title-of.ts';

/** A migration as one dialect runs it. */
export interface ArrangedMigration {
  readonly version: string;
  readonly name: string;
  readonly up: MigrationSide;
  readonly down: MigrationSide | null;
  readonly checksum: string;
}

const VERSION = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,63}$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_ -]{0,99}$/;

/**
 * The migrations in the order of their versions, with the sides of a dialect. Throws `migration` for a version or name that
 * could not be one of a file, for two with one version, and for a side that is not there or is no list of steps.
 */
export function arrangeMigrations(migrations: readonly Migration[], dialect: string): readonly ArrangedMigration[] {
  const arranged = migrations.map((migration) => arrange(migration, dialect));
  arranged.sort((a, b) => compareVersions(a.version, b.version));
  arranged.forEach((migration, place) => {
    const before = arranged[place - 1];
    if (before === undefined || compareVersions(before.version, migration.version) !== 0) return;
    throw refused(
      'duplicate',
      migration,
      `two migrations have the version ${migration.version}: "${before.name}" and "${migration.name}"; give one of them a later version`,
    );
  });
  return arranged;
}

function arrange(migration: Migration, dialect: string): ArrangedMigration {
  const { version, name } = migration;
  if (typeof version !== 'string' || !VERSION.test(version)) {
    throw refused(
      'bad-version',
      migration,
      `${JSON.stringify(version)} is no version of a migration; take letters, digits, "_", "-" and ".", such as 20260301120000`,
    );
  }
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw refused(
      'bad-name',
      migration,
      `the migration ${version} cannot be called ${JSON.stringify(name)}; take at most 100 letters, digits, "_", "-" and blanks`,
    );
  }
  const up = sideOf(migration, 'up', dialect);
  const down = migration.down === null ? null : sideOf(migration, 'down', dialect);
  return { version, name, up, down, checksum: checksumOf(up) };
}

function sideOf(migration: Migration, direction: 'up' | 'down', dialect: string): MigrationSide {
  const sides: MigrationSides | null | undefined = migration[direction];
  const side = isSide(sides) ? sides : ownSide(sides, dialect);
  if (isSide(side) && side.steps.every(isItem)) return side;
  throw refused(
    'no-steps',
    migration,
    `${titleOf(migration)} has no steps of "${direction}" for the dialect "${dialect}"; add them by that name, or \`down: null\` where it cannot be taken back`,
  );
}

function isSide(side: unknown): side is MigrationSide {
  return Array.isArray((side as Partial<MigrationSide> | null | undefined)?.steps);
}

function ownSide(sides: MigrationSides | null | undefined, dialect: string): unknown {
  return sides instanceof Object && Object.hasOwn(sides, dialect) ? Reflect.get(sides, dialect) : undefined;
}

function isItem(item: MigrationItem | undefined | null): boolean {
  if (typeof item === 'string') return item.trim() !== '';
  if (typeof item === 'function') return true;
  if (item === null || item === undefined) return false;
  if ('sql' in item) return typeof item.sql === 'string' && Array.isArray(item.params);
  return 'outside' in item ? typeof item.outside === 'string' : Array.isArray(item.statements);
}

function refused(problem: MigrationProblem, { version, name }: Migration, message: string): MigrationError {
  return new MigrationError(message, { problem, version, migration: name });
}
