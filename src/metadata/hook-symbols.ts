import { declarationOf } from './entity-declaration.ts';

const PREFIX = 'meshestra.hook.';

/** The method of a class that runs before a flush inserts the entity; see {@link EntityHooks}. */
export const beforeInsert: unique symbol = /* @__PURE__ */ Symbol.for('meshestra.hook.beforeInsert') as never;
/** The method of a class that runs after a flush inserted the entity. */
export const afterInsert: unique symbol = /* @__PURE__ */ Symbol.for('meshestra.hook.afterInsert') as never;
/** The method of a class that runs before a flush updates the entity. */
export const beforeUpdate: unique symbol = /* @__PURE__ */ Symbol.for('meshestra.hook.beforeUpdate') as never;
/** The method of a class that runs after a flush updated the entity. */
export const afterUpdate: unique symbol = /* @__PURE__ */ Symbol.for('meshestra.hook.afterUpdate') as never;
/** The method of a class that runs before a flush removes the entity. */
export const beforeRemove: unique symbol = /* @__PURE__ */ Symbol.for('meshestra.hook.beforeRemove') as never;
/** The method of a class that runs after a flush removed the entity. */
export const afterRemove: unique symbol = /* @__PURE__ */ Symbol.for('meshestra.hook.afterRemove') as never;
/** The method of a class that runs once when a row has become the entity; it must be synchronous. */
export const afterLoad: unique symbol = /* @__PURE__ */ Symbol.for('meshestra.hook.afterLoad') as never;

/** The symbol that a class declares a hook by. */
export function hookSymbol(name: string): symbol {
  return Symbol.for(PREFIX + name);
}

/** Whether a class declares hooks: in the options of its entity, or as methods of its own or inherited ones. */
export function declaresHooks(target: { readonly prototype: object }): boolean {
  if (declarationOf(target)?.options.hooks !== undefined) return true;
  const isHook = (symbol: symbol) => String(symbol).includes(PREFIX);
  for (let prototype = target.prototype; prototype !== null; prototype = Object.getPrototypeOf(prototype))
    if (Object.getOwnPropertySymbols(prototype).some(isHook)) return true;
  return false;
}
