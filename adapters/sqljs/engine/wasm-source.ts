import { ConfigurationError } from '../../../src/port.ts';
import { builtinModule } from './node-modules.ts';

/** The WebAssembly file of sql.js: where it is, or what it holds, or already compiled. */
export type WasmSource = string | URL | BufferSource | WebAssembly.Module;

/** Loads, compiles and instantiates; rejects with `configuration` and the reason where that is not possible. */
export async function instantiate(
  source: WasmSource | undefined,
  imports: WebAssembly.Imports,
): Promise<WebAssembly.Instance> {
  const found = source ?? defaultSource();
  try {
    if (found instanceof WebAssembly.Module) return await WebAssembly.instantiate(found, imports);
    if (typeof found !== 'string' && !(found instanceof URL)) {
      return (await WebAssembly.instantiate(found, imports)).instance;
    }
    return await fromAddress(found, imports);
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    const hint = "under a Content-Security-Policy it needs script-src 'wasm-unsafe-eval'";
    throw new ConfigurationError(`the WebAssembly of sql.js could not be started; ${hint}`, { cause });
  }
}

async function fromAddress(address: string | URL, imports: WebAssembly.Imports): Promise<WebAssembly.Instance> {
  const files = builtinModule('node:fs/promises');
  const isRemote = /^(?:https?|blob|data):/.test(String(address));
  if (files !== undefined && !isRemote) {
    const path = String(address).startsWith('file:') ? new URL(address) : address;
    return (await WebAssembly.instantiate(await files.readFile(path), imports)).instance;
  }
  const response = await load(address);
  // Streaming needs the MIME type that not every server sends.
  if (response.headers.get('content-type')?.startsWith('application/wasm') === true) {
    return (await WebAssembly.instantiateStreaming(response, imports)).instance;
  }
  return (await WebAssembly.instantiate(await response.arrayBuffer(), imports)).instance;
}

async function load(address: string | URL): Promise<Response> {
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

// In a browser, beside the page or the worker script, under the name that sql.js' `browser` export asks for.
function defaultSource(): WasmSource {
  const modules = builtinModule('node:module');
  if (modules === undefined)
    return new URL('sql-wasm-browser.wasm', globalThis.document?.baseURI ?? globalThis.location.href);
  try {
    return modules.createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
  } catch (cause) {
    throw new ConfigurationError('sql.js is not installed here; add it, or give the option "wasm"', { cause });
  }
}
