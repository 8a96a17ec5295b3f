import type { InitSqlJs } from './sql-js-module.ts';

/**
 * Starts sql.js in a worker that has no `location`, such as workerd's: sql.js reads where its script is as it starts, takes
 * every worker for one of a page, and needs the answer for nothing, as its WebAssembly is handed in.
 */
export function withoutLocation(init: InitSqlJs): InitSqlJs {
  return (config) => {
    Object.defineProperty(globalThis, 'location', { value: { href: '' }, configurable: true });
    try {
      return init(config);
    } finally {
      Reflect.deleteProperty(globalThis, 'location');
    }
  };
}
