import type { D1Database, D1Statement } from '../../../../adapters/d1/index.ts';

let requests = 0;

/** The requests to D1 so far: each call of the binding that sends something is one. */
export const countRequests = (): number => requests;

/** A database of D1 that counts what is sent to it. */
export function countedBinding(binding: D1Database): D1Database {
  const sending =
    <A extends unknown[], R>(send: (...args: A) => R) =>
    (...args: A): R => {
      requests += 1;
      return send(...args);
    };
  const ofStatement = (statement: D1Statement): D1Statement =>
    Object.assign(Object.create(statement) as D1Statement, {
      bind: (...values: unknown[]) => ofStatement(statement.bind(...values)),
      run: sending(() => statement.run()),
      raw: sending((options: { readonly columnNames: true }) => statement.raw(options)),
    });
  return {
    prepare: (sql) => ofStatement(binding.prepare(sql)),
    batch: sending((statements: D1Statement[]) => binding.batch(statements)),
  };
}
