import { createMiddleware } from 'hono/factory';
import { jwt } from 'hono/jwt';
import { ConfigurationError } from 'meshestra';
import * as z from 'zod';
import type { Environment } from './environment.ts';
import { Problem } from './problem.ts';

/** What somebody may do; each role may what those before it may. */
export const ROLES = ['reader', 'editor', 'admin'] as const;

/** One of {@link ROLES}. */
export type Role = (typeof ROLES)[number];

/** A shorter secret of HS256 is a weaker one (RFC 7518, 3.2). */
const SHORTEST_SECRET = 32;

/** What a token has to say. One without an end would be good forever. */
const Claims = z.object({ sub: z.string(), role: z.enum(ROLES), exp: z.number() });

/** Reads the role from the token in `Authorization: Bearer …`; `unauthenticated` where there is none that is good. */
export const readRole = createMiddleware<Environment>(async (c, next) => {
  const { JWT_SECRET: secret } = c.env;
  if (secret === undefined || secret.length < SHORTEST_SECRET) {
    throw new ConfigurationError(`JWT_SECRET: must be a secret of ${SHORTEST_SECRET} characters or more`);
  }
  return jwt({ secret, alg: 'HS256', realm: 'liner-notes' })(c, async () => {
    const claims = Claims.safeParse(c.get('jwtPayload' as never));
    if (!claims.success) {
      const headers = { 'www-authenticate': 'Bearer realm="liner-notes", error="invalid_token"' };
      throw new Problem('unauthenticated', { detail: 'the token must have sub, role and exp' }, headers);
    }
    c.set('role', claims.data.role);
    await next();
  });
});

/** Lets through who has the role, or one above it. */
export const allow = (needed: Role) =>
  createMiddleware<Environment>(async (c, next) => {
    const role = c.get('role');
    if (ROLES.indexOf(role) < ROLES.indexOf(needed)) {
      throw new Problem('forbidden', { detail: `this needs the role ${needed}, and the token says ${role}` });
    }
    await next();
  });
