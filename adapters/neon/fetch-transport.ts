import { type PostgresErrorFields, wireParserOf } from '../../src/dialect/postgres/index.ts';
import type { WireRow } from '../../src/port.ts';
import type { NeonSettings } from './options.ts';
import { type NeonAnswer, type NeonMode, NeonRefusal, type NeonTransport } from './protocol.ts';

/** `fetch`, as far as it is used here. */
export type Fetch = (
  url: string,
  init: {
    readonly method: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly ok: boolean; readonly status: number; json(): Promise<unknown> }>;

interface RawAnswer extends Omit<NeonAnswer, 'rows'> {
  readonly rows: readonly (readonly (string | null)[])[];
}

/**
 * Neon's protocol of SQL over HTTP on `fetch` alone
 * (https://github.com/neondatabase/neon/blob/main/proxy/src/serverless/sql_over_http.rs).
 */
export function createFetchTransport(
  settings: NeonSettings,
  send: Fetch,
  endpoint: (host: string, hasToken: boolean) => string,
): NeonTransport {
  const post = async (
    body: object,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<unknown> => {
    const [url, token] = await Promise.all([settings.url(), settings.authToken()]);
    const response = await send(endpoint(settings.host, token !== undefined), {
      method: 'POST',
      headers: {
        'Neon-Connection-String': url,
        'Neon-Raw-Text-Output': 'true',
        'Neon-Array-Mode': 'true',
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: JSON.stringify(body),
      signal,
    });
    if (response.ok) return response.json();
    throw new NeonRefusal(response.status, response.status === 400 ? fieldsOf(await response.json()) : null);
  };
  return {
    query: async (query, signal) => readAnswer((await post(query, {}, signal)) as RawAnswer),
    async batch(queries, mode, signal) {
      const { results } = (await post({ queries }, headersOf(mode), signal)) as { readonly results: RawAnswer[] };
      return results.map(readAnswer);
    },
  };
}

/** Where Neon answers for a host: `ep-….region.aws.neon.tech` is `api.region.aws.neon.tech`. */
export function neonEndpoint(host: string, hasToken: boolean): string {
  return `https://${host.replace(/^[^.]+/, hasToken ? 'apiauth' : 'api')}/sql`;
}

function headersOf({ isolation, readOnly }: NeonMode): Readonly<Record<string, string>> {
  return {
    ...(isolation === null ? {} : { 'Neon-Batch-Isolation-Level': isolation }),
    ...(readOnly ? { 'Neon-Batch-Read-Only': 'true' } : {}),
  };
}

function readAnswer({ fields, rows, command, rowCount }: RawAnswer): NeonAnswer {
  const parsers = fields.map(({ dataTypeID }) => wireParserOf(dataTypeID));
  const read = (text: string | null, index: number) => (text === null ? null : (parsers[index]?.(text) ?? text));
  return { fields, rows: rows.map((row): WireRow => row.map(read)), command, rowCount };
}

// What is not there comes as null.
function fieldsOf(body: unknown): PostgresErrorFields {
  const entries = Object.entries(body as Record<string, unknown>).filter(([, value]) => value !== null);
  return Object.fromEntries(entries) as unknown as PostgresErrorFields;
}
