import { zValidator } from '@hono/zod-validator';
import type { ValidationTargets } from 'hono';
import { createMiddleware } from 'hono/factory';
import type * as z from 'zod';
import type { Environment } from './environment.ts';
import { type InvalidPart, Problem } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** Checks a part of the request by a schema; everything that is wrong is one `invalid` problem, each with its place. */
export const validated = <S extends z.ZodType, T extends keyof ValidationTargets>(target: T, schema: S) =>
  zValidator(target, schema, (result) => {
    if (result.success) return;
    const errors = result.error.issues
      .flatMap((issue) => leavesOf(issue as Issue))
      .map((issue) => invalidPart(target, issue));
    throw new Problem('invalid', {
      detail: `${errors.length} ${errors.length === 1 ? 'value is' : 'values are'} wrong`,
      errors,
    });
  });

/** Refuses a body that does not say that it is JSON. */
export const jsonOnly = createMiddleware<Environment>(async (c, next) => {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i.test(type)) throw new Problem('not-json');
  await next();
});

/** Of alternatives (a key, or something new) the one that went deepest is what was meant. */
function leavesOf(issue: Issue): Issue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ ...issue, path: [...issue.path, key], message: 'there is no such property' }));
  }
  if (issue.code !== 'invalid_union') return [issue];
  const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map(({ path }) => path.length));
  const [deepest = []] = issue.errors.toSorted((a, b) => depth(b) - depth(a));
  if (depth(deepest) === 0) return [issue];
  return deepest.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })).flatMap(leavesOf);
}

function invalidPart(target: keyof ValidationTargets, { path, message: detail }: Issue): InvalidPart {
  if (target !== 'json') return { parameter: path.join('.'), detail };
  // RFC 6901: ~ and / within a name.
  const names = path.map((name) => String(name).replaceAll('~', '~0').replaceAll('/', '~1'));
  return { pointer: ['#', ...names].join('/'), detail };
}
