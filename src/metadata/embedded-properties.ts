import { Operator } from '../criteria/operator.ts';
import type { EmbeddedLeaf, EmbeddedLevel } from './embedded-access.ts';
import type { EmbeddedValue } from './embedded-value.ts';
import { invalid } from './entity-error.ts';
import type { EmbeddedProperties } from './entity-metadata.ts';

type Properties = Record<string, unknown>;

/** The embedded values of a class, and one more. */
export function createEmbeddedProperties(
  others: EmbeddedProperties | null,
  level: EmbeddedLevel,
  leaves: readonly EmbeddedLeaf[],
): EmbeddedProperties {
  const { property } = level;
  const paths = new Set(leaves.map(({ path }) => path));
  const own: EmbeddedProperties = {
    spread(table, data, use) {
      const flat: Properties = Object.create(null);
      for (const [key, given] of Object.entries(data)) {
        if (paths.has(key)) throw invalid(table, null, `there is no column or relation '${key}'; nest it`);
        if (key !== property) flat[key] = given;
        else if (use === 'criteria') spreadCriteria(table, level, given, flat);
        else spreadValue(table, level, given, flat);
      }
      return flat;
    },
    begin(table, entity, data) {
      const given: unknown = Object.hasOwn(data, property) ? Reflect.get(data, property) : undefined;
      if (level.value.as === 'columns') {
        const initial = level.nullable ? null : {};
        Reflect.set(entity, property, level.value.take(table, property, given === undefined ? initial : given));
      }
      return own.spread(table, data, 'values');
    },
  };
  if (others === null) return own;
  return {
    spread: (table, data, use) => own.spread(table, others.spread(table, data, use), use),
    begin: (table, entity, data) => own.begin(table, entity, others.begin(table, entity, data)),
  };
}

/** All columns of a value, so that it replaces the former one as a whole. */
function spreadValue(
  table: string,
  { property, nullable, value }: EmbeddedLevel,
  given: unknown,
  flat: Properties,
): void {
  if (given === undefined) return;
  if (given === null && !nullable) throw invalid(table, property, 'a value is required');
  const taken = value.take(table, property, given);
  if (value.as === 'json') flat[property] = taken;
  else spreadMembers(value, property, taken, flat);
}

function spreadMembers(value: EmbeddedValue, path: string, taken: unknown, flat: Properties): void {
  for (const member of value.members) {
    const own: unknown = taken === null || taken === undefined ? taken : Reflect.get(taken as object, member.property);
    const place = `${path}.${member.property}`;
    if (member.value?.as === 'columns') spreadMembers(member.value, place, own, flat);
    else flat[place] = own;
  }
}

/** The columns that criteria, or an order, name. */
function spreadCriteria(table: string, { property, value }: EmbeddedLevel, given: unknown, flat: Properties): void {
  if (value.as === 'json') {
    flat[property] = given;
    return;
  }
  if (given === null) {
    spreadMembers(value, property, null, flat);
    return;
  }
  const named = Operator.is(given) ? 'takes nested criteria or null, no operator' : value.read(given);
  if (typeof named === 'string') throw invalid(table, property, named);
  for (const member of value.members) {
    if (!Object.hasOwn(named, member.property)) continue;
    const place = `${property}.${member.property}`;
    const own = named[member.property];
    if (member.value === undefined) flat[place] = own;
    else spreadCriteria(table, { property: place, nullable: true, value: member.value }, own, flat);
  }
}
