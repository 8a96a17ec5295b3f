import * as z from 'zod';
import { isSecret, type PoolOptions, suggestName } from '../../src/port.ts';
import type { ConfigInput } from './config-types.ts';
import type { Path } from './layer.ts';

/** Variables and references are text, so that a number or a truth may be written as one. */
const fromText = (value: unknown) => {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : value;
};

const text = z.string({ error: 'must be a text; put a number or a date in quotes' }).optional();
const number = z.preprocess(fromText, z.number({ error: 'must be a number' })).optional();
const truth = z.preprocess(fromText, z.boolean({ error: 'must be true or false' })).optional();
const PORT = { error: 'must be a whole number from 1 to 65535' };
const port = z.preprocess(fromText, z.int(PORT).min(1, PORT).max(65_535, PORT)).optional();
const secret = z.custom(isSecret, { error: 'must be a text, in quotes where it looks like a number' }).optional();
const password = z
  .custom((value) => isSecret(value) || typeof value === 'function', {
    error: 'must be a text, in quotes where it looks like a number',
  })
  .optional();
const table = (shape: z.core.$ZodLooseShape) => z.strictObject(shape, { error: tableError }).optional();

/** An unknown name is left to whoever knows the place of it. */
function tableError(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === 'invalid_type' ? 'must be a table of options' : undefined;
}

const POOL = {
  ...{ min: number, max: number, acquireTimeout: number, idleTimeout: number, maxLifetime: number },
  ...{ statementTimeout: number, checkAfter: number, connectRetries: number, retryDelay: number },
  ...{ drainTimeout: number, strict: truth },
} satisfies Record<keyof PoolOptions, z.ZodType>;
const TLS = { ca: text, cert: text, key: secret, rejectUnauthorized: truth, servername: text };
const SERVER = {
  ...{ url: secret, host: text, port, database: text, user: text, password, connectTimeout: number },
  ssl: z
    .preprocess(fromText, z.union([z.boolean(), z.strictObject(TLS)], { error: 'must be true, false, or a table' }))
    .optional(),
  pool: table(POOL),
};
const DATABASE = {
  ...SERVER,
  path: text,
  readOnly: truth,
  primary: table(SERVER),
  replicas: z.array(z.strictObject(SERVER, { error: tableError }), { error: 'must be a list of tables' }).optional(),
};
const CONFIG = z.strictObject(
  {
    databases: z
      .record(z.string(), z.strictObject(DATABASE, { error: tableError }), { error: 'must be a table' })
      .optional(),
  },
  { error: tableError },
);

/** A letter first: this keeps `__proto__` out, and lets every name be part of a variable's. */
const DATABASE_NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** What is wrong with an option: where it stands, and a sentence that holds no value. */
export interface Problem {
  readonly path: Path;
  readonly what: string;
}

/** Checks what one source said; numbers and truths that were text are themselves afterwards. */
export function checkShape(
  data: unknown,
): { readonly config: ConfigInput } | { readonly problems: readonly Problem[] } {
  const names = findBadNames(data);
  const { success, data: config, error } = CONFIG.safeParse(data ?? {});
  if (!success) return { problems: [...names, ...error.issues.flatMap(describeIssue)] };
  return names.length > 0 ? { problems: names } : { config: config as ConfigInput };
}

function findBadNames(data: unknown): Problem[] {
  const databases = typeof data === 'object' && data !== null && 'databases' in data ? data.databases : null;
  if (typeof databases !== 'object' || databases === null || Array.isArray(databases)) return [];
  return Object.keys(databases)
    .filter((name) => !DATABASE_NAME.test(name))
    .map((name) => ({
      path: ['databases', name],
      what: 'the name of a database begins with a letter, and has only letters, digits, _ and -',
    }));
}

function describeIssue(issue: z.core.$ZodIssue): Problem[] {
  if (issue.code === 'invalid_union') return describeUnion(issue);
  if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, what: issue.message }];
  const known = knownNames(issue.path);
  return issue.keys.map((key) => ({
    path: [...issue.path, key],
    what: `there is no such option; ${suggestName(key, known)}`,
  }));
}

/** Of a table among other things, what is wrong inside of it says more than that it is none of them. */
function describeUnion({ errors, path, message }: z.core.$ZodIssueInvalidUnion): Problem[] {
  const inside = errors.find((issues) => issues.some((one) => one.path.length > 0)) ?? [];
  if (inside.length === 0) return [{ path, what: message }];
  return inside.flatMap((issue) => describeIssue({ ...issue, path: [...path, ...issue.path] }));
}

/** The options that a table at the path may have. */
function knownNames(path: Path): string[] {
  if (path.length === 0) return ['databases'];
  if (path.length === 2) return Object.keys(DATABASE);
  const last = path.at(-1);
  if (last === 'pool') return Object.keys(POOL);
  return Object.keys(last === 'ssl' ? TLS : SERVER);
}
