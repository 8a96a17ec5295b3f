/**
 * Stands for the module `vitest` in the bare realm: the real `expect` of vitest, and `describe`, `it` and hooks that
 * collect tests for the host to run one by one.
 *
 * @module
 */
import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';
import { fn, spyOn } from '@vitest/spy';
import * as chai from 'chai';

type Work = (...args: readonly unknown[]) => unknown;

/** A test as the host sees it: its full name, and how to run it with its hooks. */
export interface CollectedTest {
  readonly name: string;
  run(): Promise<void>;
}

interface Scope {
  readonly parent: Scope | null;
  readonly name: string;
  readonly beforeAll: Work[];
  readonly beforeEach: Work[];
  readonly afterEach: Work[];
  prepared: boolean;
}

const tests: CollectedTest[] = [];
const newScope = (parent: Scope | null, name: string): Scope => ({
  parent,
  name,
  beforeAll: [],
  beforeEach: [],
  afterEach: [],
  prepared: false,
});
let scope: Scope = newScope(null, '');

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

/** vitest's `expect`. */
export const expect = chai.expect;

/** vitest's mocks, as far as they need no timers and no module system. */
export const vi = { fn, spyOn };

/** Collects the tests of a group. */
export const describe = withVariants((name, work) => {
  const outer = scope;
  scope = newScope(outer, outer.name === '' ? name : `${outer.name} > ${name}`);
  work();
  scope = outer;
});

/** Collects a test. */
export const it = withVariants((name, work) => {
  const own = scope;
  tests.push({ name: `${own.name} > ${name}`, run: () => runTest(own, work) });
});

/** Runs before the first test of its group. */
export const beforeAll = (work: Work): void => void scope.beforeAll.push(work);

/** Runs before each test of its group. */
export const beforeEach = (work: Work): void => void scope.beforeEach.push(work);

/** Runs after each test of its group. */
export const afterEach = (work: Work): void => void scope.afterEach.push(work);

/** Runs in vitest after the last test of its group; the realm itself ends then, so there is nothing to run here. */
export const afterAll = (_work: Work): void => {};

Object.assign(globalThis, { collectedTests: tests });

/** Adds `each`, `skipIf` and `runIf`, in vitest's meaning. */
function withVariants(collect: (name: string, work: Work) => void) {
  const call = (name: string, second: unknown, third?: unknown): void => {
    collect(name, (typeof second === 'function' ? second : third) as Work);
  };
  return Object.assign(call, {
    each:
      (rows: readonly unknown[]) =>
      (name: string, work: Work): void => {
        // Rows are argument lists only where all of them are arrays.
        const lists = rows.every(Array.isArray);
        for (const row of rows) {
          const args = lists ? (row as unknown[]) : [row];
          collect(`${name} ${args.map(describeArgument).join(', ')}`, () => work(...args));
        }
      },
    skipIf: (condition: unknown) => (condition ? () => {} : call),
    runIf: (condition: unknown) => (condition ? call : () => {}),
  });
}

function describeArgument(value: unknown): string {
  const text =
    typeof value === 'string' ? value : `${typeof value === 'object' ? Object.keys(value ?? {}) : String(value)}`;
  return text.slice(0, 60);
}

function scopesOf(own: Scope): Scope[] {
  const scopes: Scope[] = [];
  for (let next: Scope | null = own; next !== null; next = next.parent) scopes.unshift(next);
  return scopes;
}

async function runTest(own: Scope, work: Work): Promise<void> {
  const scopes = scopesOf(own);
  for (const next of scopes) {
    if (next.prepared) continue;
    next.prepared = true;
    for (const hook of next.beforeAll) await hook();
  }
  for (const next of scopes) for (const hook of next.beforeEach) await hook();
  try {
    await work();
  } finally {
    for (const next of scopes.reverse()) for (const hook of next.afterEach) await hook();
  }
}
