import { expect, it } from 'vitest';
import type { Capabilities } from '../../src/port.ts';
import type { Subject, SuiteName } from './subject.ts';

/** What a law checks; it opens its own database. */
export type Check = (subject: Subject) => Promise<void>;

/** Laws by name; one that needs a capability says which. */
export type Laws = Readonly<Record<string, Check | { requires(capabilities: Capabilities): boolean; check: Check }>>;

/** Registers one test for each law. Throws where a known failure names no law of the suite. */
export const registerLaws = (subject: Subject, suiteName: SuiteName, laws: Laws): void => {
  const failures = subject.knownFailures[suiteName] ?? {};
  for (const name of Object.keys(failures)) {
    if (!Object.hasOwn(laws, name)) throw new Error(`knownFailures: the suite '${suiteName}' has no law '${name}'`);
  }
  for (const [name, law] of Object.entries(laws)) {
    const { requires, check } = typeof law === 'function' ? { requires: () => true, check: law } : law;
    const test = it.runIf(requires(subject.capabilities));
    const reason = Object.hasOwn(failures, name) ? failures[name] : undefined;
    // The support matrix tells known failures by this title.
    const run = () => subject.elsewhere?.(suiteName, name) ?? check(subject);
    if (reason !== undefined) test.fails(`${name} [known failure: ${reason}]`, run);
    else test(name, run);
  }
};

/** Rejects, or throws, with an error of this code. */
export const expectCode = async (work: () => unknown, code: string): Promise<Error> => {
  let caught: unknown;
  try {
    await work();
  } catch (error) {
    caught = error;
  }
  expect(caught, `no error, expected one of code '${code}'`).toBeInstanceOf(Error);
  expect({ code: (caught as { code?: unknown }).code, error: String(caught) }).toEqual({ code, error: String(caught) });
  return caught as Error;
};
