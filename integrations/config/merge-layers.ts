import { isSecret, maskUrl, Secret, type SecretSource, type ServerOptions } from '../../src/port.ts';
import type { ConfigInput, DatabaseInput } from './config-types.ts';

/** One database after all sources: its server, or its file, and the replicas. */
export interface MergedDatabase {
  readonly node: NodeInput;
  readonly replicas: readonly NodeInput[] | undefined;
}

/** A server's options, or those of a file. */
export type NodeInput = ServerOptions & { readonly path?: string; readonly readOnly?: boolean };

/** What says where a server is, and who asks. */
const SERVER_ADDRESS: readonly string[] = ['url', 'host', 'port', 'database', 'user', 'password'];
/** Of two sources, the one that gives a whole address gives all of it. */
const ADDRESS: readonly string[] = [...SERVER_ADDRESS, 'path', 'readOnly'];

/** Puts checked sources together, the weakest first. */
export function mergeLayers(layers: readonly ConfigInput[]): ReadonlyMap<string, MergedDatabase> {
  const merged = new Map<string, MergedDatabase>();
  for (const { databases = {} } of layers) {
    for (const [name, input] of Object.entries(databases)) merged.set(name, mergeDatabase(merged.get(name), input));
  }
  return merged;
}

function mergeDatabase(below: MergedDatabase | undefined, input: DatabaseInput): MergedDatabase {
  const { primary, replicas, ...flat } = input;
  return {
    node: mergeNode(below?.node ?? {}, { ...flat, ...primary }),
    replicas: replicas?.map((replica) => mergeNode({}, replica)) ?? below?.replicas,
  };
}

/** The options of `above`, and of `below` what they leave open. */
export function mergeNode(below: NodeInput, above: NodeInput): NodeInput {
  const given = Object.fromEntries(Object.entries(above).filter(([, value]) => value !== undefined)) as NodeInput;
  const dropped = replacedBy(given);
  const kept = Object.fromEntries(Object.entries(below).filter(([name]) => !dropped.includes(name))) as NodeInput;
  const pool = { ...kept.pool, ...given.pool };
  return { ...kept, ...hideSecrets(given), ...(Object.keys(pool).length === 0 ? {} : { pool }) };
}

/** The options of a weaker source that make no sense beside those of a stronger one. */
function replacedBy(above: NodeInput): readonly string[] {
  if (above.path !== undefined) return ADDRESS;
  // Encryption stays as it was where the new URL says nothing about it.
  if (above.url !== undefined)
    return /[?&](?:sslmode|ssl-mode|ssl)=/.test(reveal(above.url)) ? [...ADDRESS, 'ssl'] : ADDRESS;
  return SERVER_ADDRESS.some((name) => name in above) ? ['path', 'readOnly'] : [];
}

/** Texts that are secrets become ones that show themselves masked. */
function hideSecrets(node: NodeInput): NodeInput {
  const { url, password, ssl } = node;
  const hidden = typeof ssl === 'object' && ssl.key !== undefined ? { ...ssl, key: hide(ssl.key) } : ssl;
  return {
    ...node,
    ...(url === undefined ? {} : { url: new Secret(reveal(url), maskUrl(reveal(url))) }),
    ...(password === undefined ? {} : { password: hidePassword(password) }),
    ...(hidden === undefined ? {} : { ssl: hidden }),
  };
}

function hidePassword(password: SecretSource): SecretSource {
  return isSecret(password) ? hide(password) : password;
}

function hide(secret: string | Secret): Secret {
  return typeof secret === 'string' ? new Secret(secret) : secret;
}

/** The text of a secret. */
export function reveal(secret: string | Secret): string {
  return typeof secret === 'string' ? secret : secret.reveal();
}
