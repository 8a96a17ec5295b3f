import { declarationOf } from '../../metadata/entity-declaration.ts';
import { misdeclared } from '../../metadata/entity-error.ts';
import type { EntityHooks } from '../../metadata/entity-hooks.ts';
import type { EntityMetadata } from '../../metadata/entity-metadata.ts';
import { hookSymbol } from '../../metadata/hook-symbols.ts';
import type { Registry } from '../../metadata/registry.ts';
import { type Listeners, subscribe } from '../../session/hook-listeners.ts';
import type { EntityEvent } from '../lifecycle-events.ts';

type Name = keyof EntityHooks;
type Hook = (entity: object) => unknown;

const NAMES: ReadonlySet<string> = new Set<Name>([
  'beforeInsert',
  'afterInsert',
  'beforeUpdate',
  'afterUpdate',
  'beforeRemove',
  'afterRemove',
  'afterLoad',
]);

/**
 * Subscribes the hooks that entity classes declare: those of the options first, then the methods. Throws `configuration`
 * for what is no hook.
 */
export function subscribeDeclared({ entities }: Registry, hooks: Listeners): void {
  for (const meta of entities) refuseUnknown(meta);
  for (const name of NAMES as ReadonlySet<Name>) {
    subscribeAll(hooks, name, entities, (meta) => optionOf(meta, name));
    subscribeAll(hooks, name, entities, (meta) => methodOf(meta, name));
  }
}

function subscribeAll(
  hooks: Listeners,
  name: Name,
  entities: readonly EntityMetadata[],
  hookOf: (meta: EntityMetadata) => Hook | null,
): void {
  const declared = new Map<object, Hook>();
  for (const meta of entities) {
    const hook = hookOf(meta);
    if (hook !== null) declared.set(meta.target.prototype, hook);
  }
  if (declared.size === 0) return;
  subscribe(hooks, name, ({ entity }: EntityEvent) => declared.get(Object.getPrototypeOf(entity))?.(entity));
}

function optionOf({ target, table }: EntityMetadata, name: Name): Hook | null {
  const option = declarationOf(target)?.options.hooks?.[name];
  return option === undefined ? null : checked(option, table, `the option hooks.${name}`);
}

function methodOf({ target, table }: EntityMetadata, name: Name): Hook | null {
  const method: unknown = Reflect.get(target.prototype, hookSymbol(name));
  if (method === undefined) return null;
  const hook = checked(method, table, `the member [${name}]`);
  return (entity) => hook.call(entity, entity);
}

function refuseUnknown({ target, table }: EntityMetadata): void {
  for (const name of Object.keys(declarationOf(target)?.options.hooks ?? {})) {
    if (NAMES.has(name)) continue;
    throw misdeclared(table, null, `there is no hook '${name}'; there are ${[...NAMES].join(', ')}`);
  }
}

function checked(hook: unknown, table: string, what: string): Hook {
  if (typeof hook === 'function') return hook as Hook;
  throw misdeclared(table, null, `${what} is no function`);
}
