import { EntityCollection } from '../criteria/entity-collection.ts';
import type { Collection, RelationMark } from '../criteria/entity-types.ts';
import { buildLink, type LinkBuilding } from '../metadata/build-link.ts';
import type { EntityClass } from '../metadata/entity-class.ts';
import type { Cascade } from '../metadata/entity-metadata.ts';
import { isProbing, recordRelation } from '../metadata/probe.ts';
import { DEFAULTS } from '../metadata/relations.ts';
import { selectLinks } from '../query/select-links.ts';
import { lowerLinks } from '../unit-of-work/lower-links.ts';
import type { LinkLowering } from '../unit-of-work/lower-step.ts';
import type { LinkPlanning } from '../unit-of-work/plan-flush.ts';
import { planLinks } from '../unit-of-work/plan-links.ts';
import { giveLinks, loadLinks } from './load-links.ts';
import type { LinkLoading } from './load-relation.ts';

/** What may be said of a many-to-many relation. */
export interface ManyToManyOptions<T> {
  /** The link table's name; on one side only, the other one names this side with `inverse`. */
  readonly through?: string;
  readonly inverse?: (target: T) => RelationMark<'many'>;
  readonly cascade?: readonly Cascade[];
  /** The link's columns with this side's key, and those with the target's, where other names are wanted. */
  readonly columns?: readonly string[];
  readonly targetColumns?: readonly string[];
}

const support: LinkBuilding & LinkPlanning & LinkLowering & LinkLoading = {
  build: buildLink,
  plan: planLinks,
  lower: lowerLinks,
  load: loadLinks,
  select: selectLinks,
  give: giveLinks,
};

/** Many rows on both sides, paired in a link table. */
export function manyToMany<T extends object>(
  target: () => EntityClass<T>,
  options: ManyToManyOptions<T> = {},
): Collection<T> {
  const collection = new EntityCollection();
  if (isProbing()) recordRelation(collection, { ...DEFAULTS, ...options, kind: 'link', target, support });
  return collection as unknown as Collection<T>;
}
