import { wireParserOf } from '../../src/dialect/postgres/index.ts';
import { importNeon, type NativeClient, type NeonDbError, type NeonModule } from './neon-module.ts';
import type { NeonSettings } from './options.ts';
import { type NeonAnswer, type NeonMode, type NeonQuery, NeonRefusal, type NeonTransport } from './protocol.ts';

/** Handed in with each statement: as options of `neon()` the package ignores `types`. */
const READING = { arrayMode: true, fullResults: true, types: { getTypeParser: wireParserOf } };

/** Neon's protocol by the package's own client. */
export class ClientTransport implements NeonTransport {
  readonly #client: () => Promise<NativeClient>;

  constructor(client: () => Promise<NativeClient>) {
    this.#client = client;
  }

  async query(query: NeonQuery, signal: AbortSignal): Promise<NeonAnswer> {
    const client = await this.#client();
    // What `query` gives sends a request each time that it is awaited: here, and nowhere else.
    return refused(async () => (await prepared(client, query, { fetchOptions: { signal } })) as NeonAnswer);
  }

  async batch(queries: readonly NeonQuery[], mode: NeonMode, signal: AbortSignal): Promise<readonly NeonAnswer[]> {
    const client = await this.#client();
    const { isolation, readOnly } = mode;
    const options = {
      fetchOptions: { signal },
      ...(isolation === null ? {} : { isolationLevel: isolation }),
      ...(readOnly ? { readOnly } : {}),
    };
    const prepare = (query: NeonQuery) => prepared(client, query, {});
    return refused(async () => (await client.transaction(queries.map(prepare), options)) as NeonAnswer[]);
  }
}

/** Makes the package's client when it is first needed; anew for each request where the password may be another one. */
export function lazyClient(settings: NeonSettings, given: unknown): () => Promise<NativeClient> {
  let loading: Promise<unknown> | undefined;
  return async () => {
    loading ??= given === undefined ? importNeon() : Promise.resolve(given);
    const module = (await loading.catch((error: unknown) => {
      loading = undefined;
      throw error;
    })) as NeonModule;
    const [url, authToken] = await Promise.all([settings.url(), settings.authToken()]);
    // Whoever runs this in a browser has decided so, and does not want it said with each request.
    return module.neon(url, { disableWarningInBrowsers: true, ...(authToken === undefined ? {} : { authToken }) });
  };
}

function prepared(client: NativeClient, { query, params }: NeonQuery, options: object): PromiseLike<unknown> {
  return client.query(query, [...params], { ...READING, ...options });
}

async function refused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translated(error);
  }
}

/** The package tells all failures by one class: with a code, with a status in its words, or with the error of `fetch`. */
function translated(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { sourceError, code, message } = error as NeonDbError;
  if (sourceError !== undefined) return sourceError;
  if (code !== undefined && 'severity' in error) return new NeonRefusal(400, error as NeonDbError);
  const [, status] = /^Server error \(HTTP status (\d+)\)/.exec(message) ?? [];
  return status === undefined ? error : new NeonRefusal(Number(status), null);
}
