import { createKeyReader, type IdentityKey } from '../identity/identity-key.ts';
import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { createHydrator, type Hydrator } from './hydrator.ts';

/** What is made once for each table of a registry and shared by all units of work. */
export interface EntityRuntime {
  /** The table's root entity. */
  readonly meta: EntityMetadata;
  /** The property whose value is the identity of an entity itself; null where a key has parts or must be converted. */
  readonly plainKey: string | null;
  readonly keyOf: (row: WireRow, offset: number) => IdentityKey;
  /** The hydrator for a row: by its discriminator in a hierarchy. */
  readonly hydratorOf: (row: WireRow, offset: number) => Hydrator;
  readonly hydrators: ReadonlyMap<EntityMetadata, Hydrator>;
}

/** Makes the runtime of a table. */
export function createEntityRuntime(root: EntityMetadata): EntityRuntime {
  const hydrators = new Map(root.family.map((member) => [member, createHydrator(member)]));
  const own = hydrators.get(root) ?? createHydrator(root);
  const index = root.discriminator?.column.index;
  const byValue = new Map<unknown, Hydrator>();
  for (const [member, hydrator] of hydrators) byValue.set(member.discriminator?.value, hydrator);
  return {
    meta: root,
    plainKey: plainKey(root),
    keyOf: createKeyReader(root.primaryKey),
    // A value that no class has was written by a newer version of the application: its rows are the root's.
    hydratorOf: index === undefined ? () => own : (row, offset) => byValue.get(row[offset + index]) ?? own,
    hydrators,
  };
}

function plainKey({ primaryKey }: EntityMetadata): string | null {
  const [only] = primaryKey;
  if (only === undefined || primaryKey.length > 1 || only.role !== 'scalar') return null;
  return only.codec.identity && (only.codec.wireType === 'number' || only.codec.wireType === 'string')
    ? only.property
    : null;
}
