import type { PostgresErrorFields } from '../../src/dialect/postgres/index.ts';
import { importPackage, type PostgresModule } from '../../src/port.ts';

/** The package `@neondatabase/serverless`, as far as it is used here. */
export interface NeonModule extends PostgresModule {
  readonly neon: (url: string, options: object) => NativeClient;
}

/** What the package's `neon()` gives. */
export interface NeonClient {
  query(text: never, params: never, options: never): PromiseLike<unknown>;
  transaction(queries: never, options: never): PromiseLike<unknown>;
}

/** The same, with what it takes. */
export interface NativeClient {
  query(text: string, params: (string | null)[], options: object): PromiseLike<unknown>;
  transaction(queries: PromiseLike<unknown>[], options: object): PromiseLike<unknown>;
}

/** What it rejects with: the server's fields, or the failure on the way as `sourceError`. */
export interface NeonDbError extends Error, Omit<PostgresErrorFields, 'message'> {
  readonly sourceError?: unknown;
}

/** Loads the package where the application did not hand it in. Throws `configuration` where it is missing. */
export function importNeon(): Promise<unknown> {
  return importPackage(
    () => import('@neondatabase/serverless'),
    'the package @neondatabase/serverless is not installed: npm install @neondatabase/serverless; or hand it in as the option "neon", or use meshestra/neon/fetch, which needs none',
  );
}
