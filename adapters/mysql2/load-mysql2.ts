import { ConfigurationError, importPackage } from '../../src/port.ts';
import type { IntegerParameter, NativeModule } from './native.ts';

/** mysql2, checked for what the adapter needs of it. */
export interface Mysql2 extends NativeModule {
  readonly TypedParameter: { readonly LONGLONG: IntegerParameter };
}

/** Loads mysql2 where the application did not hand it in. Throws `configuration` where it is missing or too old. */
export async function loadMysql2(given: unknown): Promise<Mysql2> {
  return checked(given === undefined ? await importMysql2() : given);
}

function importMysql2(): Promise<unknown> {
  return importPackage(() => import('mysql2'), 'the package mysql2 cannot be loaded; install it: npm install mysql2');
}

function checked(module: unknown): Mysql2 {
  const own = module as Partial<Mysql2> & { readonly default?: Partial<Mysql2> };
  // mysql2 is CommonJS: getters among its exports are found at `default` only.
  const found = own.TypedParameter === undefined && own.default !== undefined ? own.default : own;
  if (typeof found?.createPool !== 'function' || typeof found.TypedParameter?.LONGLONG !== 'function') {
    throw new ConfigurationError(
      'this is no mysql2 from 3.24 on, which sends integers as integers; install a later one',
    );
  }
  return found as Mysql2;
}
