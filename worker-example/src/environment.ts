import type { EntityManager } from 'meshestra';
import type { D1Database } from 'meshestra/d1';
import type { Role } from './roles.ts';

/** What wrangler.jsonc, `wrangler secret put` and, locally, `.dev.vars` give the worker. */
export interface Bindings {
  /** The database, unless there is a {@link DATABASE_URL}. */
  readonly DB: D1Database;
  /** `postgresql://…` of Neon, or `mysql://…` of PlanetScale. It holds a password: a secret. */
  readonly DATABASE_URL?: string;
  /** Where that service's protocol is spoken in place of its own address: a proxy on your own machine, for example. */
  readonly DATABASE_ENDPOINT?: string;
  /** What tokens are signed with: 32 characters or more. A secret. */
  readonly JWT_SECRET: string;
}

/** What a request is served with. */
export interface Environment {
  Bindings: Bindings;
  Variables: {
    /** The unit of work of this request. */
    em: EntityManager;
    role: Role;
  };
}
