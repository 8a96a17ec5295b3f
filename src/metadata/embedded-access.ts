import type { ColumnDefinition } from '../codec/column.ts';
import type { EmbeddedValue } from './embedded-value.ts';

/** A property that holds an embedded value, of an entity or of another such value. */
export interface EmbeddedLevel {
  readonly property: string;
  readonly nullable: boolean;
  readonly value: EmbeddedValue;
}

/** A column of an embedded value, with the way to it from the entity. */
export interface EmbeddedLeaf {
  readonly path: string;
  readonly levels: readonly EmbeddedLevel[];
  readonly property: string;
  readonly definition: ColumnDefinition;
  /** Whether a value on the way may be null. */
  readonly optional: boolean;
}

/** What is read where a value that is required is not there, because NULL would pass; no column takes it. */
export const MISSING = /* @__PURE__ */ Symbol('missing');

type Properties = Record<string, unknown>;

/** The value of a column of an embedded value; null where that is null. */
export function readLeaf(entity: object, leaf: EmbeddedLeaf): unknown {
  let holder: unknown = entity;
  for (const { property, nullable } of leaf.levels) {
    holder = (holder as Properties)[property];
    if (holder === null || holder === undefined) return nullable ? null : absent(leaf);
    if (typeof holder !== 'object' || Array.isArray(holder)) return MISSING;
  }
  return (holder as Properties)[leaf.property] ?? absent(leaf);
}

function absent({ definition, optional }: EmbeddedLeaf): unknown {
  if (definition.default !== null && !optional) return undefined;
  return definition.nullable ? null : optional ? MISSING : undefined;
}

/**
 * Gives a column of an embedded value what a row, or a default, says. Objects on the way are made where they are missing,
 * and one that may be null becomes null with the last of its columns.
 */
export function writeLeaf(entity: object, leaf: EmbeddedLeaf, given: unknown): void {
  const value = given === MISSING ? undefined : given;
  let holder: Properties | null = entity as Properties;
  for (const level of leaf.levels) {
    holder = enter(holder, level, value);
    if (holder === null) return;
  }
  holder[leaf.property] = value;
  if (value === null && leaf.optional) collapse(entity as Properties, leaf.levels);
}

/** The object that a property holds, made where there is none; null where there need be none for the value. */
function enter(
  holder: Properties,
  { property, nullable, value: embedded }: EmbeddedLevel,
  value: unknown,
): Properties | null {
  const held = holder[property];
  if (held instanceof embedded.target) return held as Properties;
  const isAbsent = held === null || held === undefined;
  if (isAbsent && value === undefined) return null;
  if (isAbsent && value === null && nullable) {
    holder[property] = null;
    return null;
  }
  const made = Object.assign(embedded.blank(), held) as Properties;
  holder[property] = made;
  return made;
}

function collapse(entity: Properties, levels: readonly EmbeddedLevel[]): void {
  const holders = [entity];
  for (const { property } of levels) holders.push(holders.at(-1)?.[property] as Properties);
  for (let place = levels.length - 1; place >= 0; place -= 1) {
    const { property, nullable, value } = levels[place] as EmbeddedLevel;
    const holder = holders[place] as Properties;
    if (nullable && value.isEmpty(holder[property])) holder[property] = null;
  }
}
