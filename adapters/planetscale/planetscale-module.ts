import { ConfigurationError, importPackage } from '../../src/port.ts';

/** The package `@planetscale/database`, as far as it is used here. */
export interface PlanetscaleModule {
  readonly Client: new (config: NativeConfig) => { connection(): NativeConnection };
}

/** What its client is made with. It asks for the password with each request. */
export interface NativeConfig {
  readonly host: string;
  readonly username: string;
  password: string;
  readonly fetch: NativeFetch;
}

/** `fetch`, as the package calls it. */
export type NativeFetch = (url: string, init?: NativeRequest) => Promise<NativeResponse>;

/** What the package asks `fetch` for. */
export interface NativeRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly cache?: unknown;
}

/** What the package reads of an answer. */
export interface NativeResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly statusText: string;
  text(): Promise<string>;
}

/** One session: its state comes with each answer, and goes out with the next statement. */
export interface NativeConnection {
  execute(sql: string, params: null, options: { as: 'array'; cast: NativeCast }): Promise<NativeAnswer>;
}

/** Reads one value: of a text, each character of which is one byte. */
export type NativeCast = (field: NativeField, value: string | null) => unknown;

/** A column of an answer. */
export interface NativeField {
  readonly name: string;
  /** Vitess's name: `INT64`, `VARCHAR`, `BLOB`. */
  readonly type: string;
  /** The number of the character set; 63 is bytes. */
  readonly charset?: number | null;
}

/** What a statement answered. */
export interface NativeAnswer {
  readonly fields: readonly NativeField[];
  readonly rows: readonly (readonly unknown[])[];
  readonly rowsAffected: number;
  /** The first generated key; '0' for none. */
  readonly insertId: string;
}

/** Takes the package, or loads it where the application did not hand it in. Throws `configuration` where it is missing. */
export async function loadPlanetscale(given: object | undefined): Promise<PlanetscaleModule> {
  const module = given ?? (await importPlanetscale());
  if (typeof (module as Partial<PlanetscaleModule>).Client !== 'function') {
    throw new ConfigurationError('planetscale: must be the package @planetscale/database');
  }
  return module as PlanetscaleModule;
}

function importPlanetscale(): Promise<object> {
  return importPackage(
    () => import('@planetscale/database'),
    'the package @planetscale/database is not installed: npm install @planetscale/database; or hand it in as the option "planetscale"',
  );
}
