import { postgres } from '../../src/dialect/postgres/index.ts';
import {
  type ClientOptions,
  type Correction,
  clientOptions,
  createClientDriver,
  type Driver,
  type LogEvent,
  type Pool,
  type PostgresPool,
  readClientOptions,
  type Secret,
} from '../../src/port.ts';
import { importNeon, type NeonModule } from './neon-module.ts';

/** The options of {@link neonPool}. */
export interface NeonPoolOptions extends ClientOptions {
  /** The package `@neondatabase/serverless`, where it is not to be imported by its name. */
  readonly neon?: object;
}

/** A Neon database behind a pool of WebSockets. */
export interface NeonPoolDriver extends Driver {
  /** The pool, once a first connection was asked for. */
  readonly pool: Pool<object> | undefined;
  onLog(listener: (event: LogEvent) => void): () => void;
  readonly corrections: readonly Correction[];
}

/**
 * A driver for a Neon database over WebSockets, through the `Pool` of `@neondatabase/serverless`: for transactions that
 * stay open between statements, locks and savepoints. Takes a URL, options, or a `Pool` that the application has already.
 *
 * A WebSocket belongs to the request of a worker that opened it: make and close a driver for each, and use {@link neon}
 * where it will do. Before Node 22 the package is to be told a WebSocket: `neonConfig.webSocketConstructor = ws`.
 * Nothing is loaded or opened before the first connection. Throws `configuration` for options that make no sense.
 *
 * @example
 * const db = await createPersistence({ driver: neonPool(env.DATABASE_URL), entities: [Author, Post] });
 */
export function neonPool(source: string | Secret | NeonPoolOptions | PostgresPool): NeonPoolDriver {
  const options: NeonPoolOptions = clientOptions(source);
  const { neon } = options;
  return createClientDriver({
    name: 'neonPool',
    dialect: postgres,
    timers: globalThis,
    // The package encrypts by the WebSocket, and logs in without what `channel_binding` asks for.
    ...readClientOptions(options, { options: ['neon'], parameters: ['channel_binding'] }),
    namedStatements: false,
    pipeline: false,
    load: async () => (neon ?? (await importNeon())) as NeonModule,
  });
}
