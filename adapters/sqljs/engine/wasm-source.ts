import { ConfigurationError } from '../../../src/port.ts';

/** The WebAssembly file of sql.js: where it is, or what it holds, or already compiled. */
export type WasmSource = string | URL | BufferSource | WebAssembly.Module;

/** Loads, compiles and instantiates; rejects with `configuration` and the reason where that is not possible. */
export async function instantiate(
  source: WasmSource | undefined,
  imports: WebAssembly.Imports,
): Promise<WebAssembly.Instance> {
  try {
    const found = await load(source);
    if (found instanceof WebAssembly.Module) return await WebAssembly.instantiate(found, imports);
    if (!(found instanceof Response)) return (await WebAssembly.instantiate(found, imports)).instance;
    // Streaming needs the MIME type that not every server sends.
    const streams = found.headers.get('content-type')?.startsWith('application/wasm') === true;
    const started = streams
      ? WebAssembly.instantiateStreaming(found, imports)
      : WebAssembly.instantiate(await found.arrayBuffer(), imports);
    return (await started).instance;
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    const hint = "under a Content-Security-Policy it needs script-src 'wasm-unsafe-eval'";
    throw new ConfigurationError(`the WebAssembly of sql.js could not be started; ${hint}`, { cause });
  }
}

async function load(source: WasmSource | undefined): Promise<BufferSource | WebAssembly.Module | Response> {
  const isAddress = source === undefined || typeof source === 'string' || source instanceof URL;
  if (!isAddress) return source;
  const { process } = globalThis as { process?: { getBuiltinModule?: unknown } };
  if (process?.getBuiltinModule !== undefined && !/^(?:https?|blob|data):/.test(String(source))) {
    // Files are read in Node and its like only, so that no page loads what reads them.
    return (await import('./wasm-file.ts')).readWasm(source);
  }
  // Beside the page or the worker script, under the name that sql.js' `browser` export asks for.
  return request(source ?? new URL('sql-wasm-browser.wasm', globalThis.document?.baseURI ?? globalThis.location.href));
}

async function request(address: string | URL): Promise<Response> {
  const hint = 'serve sql-wasm-browser.wasm from sql.js/dist and name its URL as the option "wasm"';
  let response: Response;
  try {
    response = await fetch(address);
  } catch (cause) {
    throw new ConfigurationError(`${String(address)} could not be loaded; ${hint}`, { cause });
  }
  if (response.ok) return response;
  throw new ConfigurationError(`${String(address)} answered ${response.status}; ${hint}`);
}
