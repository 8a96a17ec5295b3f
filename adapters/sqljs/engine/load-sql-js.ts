import { ConfigurationError } from '../../../src/port.ts';
import { installVfs, type VirtualFileSystem } from '../vfs/virtual-file-system.ts';
import { type Heap, Scratch } from './heap.ts';
import { type InitSqlJs, missingFunctions, type SqlJsModule } from './sql-js-module.ts';
import { WasmHeap } from './wasm-heap.ts';
import { instantiate, type WasmSource } from './wasm-source.ts';

/** A sql.js ready for use. Without `vfs` the hook failed, for the reason in `hookFailure`. */
export interface LoadedSqlJs {
  readonly module: SqlJsModule;
  readonly heap: Heap;
  readonly vfs?: VirtualFileSystem;
  readonly hookFailure?: string;
}

/** What to load and from where. */
export interface LoadOptions {
  readonly initSqlJs?: InitSqlJs;
  readonly wasm?: WasmSource;
}

/** Two copies of this adapter on one page share one sql.js, so what one of them learned stays at the module. */
const LOADED = Symbol.for('meshestra.sqljs.loaded');

interface Start {
  readonly imports: WebAssembly.Imports;
  readonly done: (instance: WebAssembly.Instance) => void;
}

/** The one initialisation of one sql.js, which may be tried again with another wasm file. */
class Initialisation {
  readonly #init: InitSqlJs;
  #start: Start | undefined;
  #instance: WebAssembly.Instance | undefined;
  #module: Promise<unknown> | undefined;
  #loaded: Promise<LoadedSqlJs> | undefined;

  constructor(init: InitSqlJs) {
    this.#init = init;
  }

  load(wasm: WasmSource | undefined): Promise<LoadedSqlJs> {
    if (this.#loaded === undefined) {
      const loading = this.#run(wasm);
      this.#loaded = loading;
      loading.catch(() => {
        this.#loaded = undefined;
      });
    }
    return this.#loaded;
  }

  async #run(wasm: WasmSource | undefined): Promise<LoadedSqlJs> {
    const isBare = 'WorkerGlobalScope' in globalThis && globalThis.location === undefined;
    const init = isBare ? (await import('./without-location.ts')).withoutLocation(this.#init) : this.#init;
    const module = await this.#initialise(init, wasm);
    const missing = missingFunctions(module);
    if (missing.length > 0) {
      throw new ConfigurationError(`this is no sql.js from 1.10.3 on: it lacks ${missing.slice(0, 3).join(', ')}`);
    }
    const known = (module as { [LOADED]?: LoadedSqlJs })[LOADED];
    if (known !== undefined) return known;
    const loaded = await hook(module as SqlJsModule, this.#instance);
    Object.defineProperty(module, LOADED, { value: loaded });
    return loaded;
  }

  // initSqlJs has no way to report a wasm file that fails, it just never answers: so its answer races ours. After a
  // failure it still waits for the first instance, which the next attempt hands in.
  #initialise(init: InitSqlJs, wasm: WasmSource | undefined): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const begin = (start: Start) => {
        instantiate(wasm, start.imports).then((instance) => {
          this.#instance = instance;
          start.done(instance);
        }, reject);
      };
      if (this.#start !== undefined) begin(this.#start);
      this.#module ??= init({
        useOldExtensionFunctions: false,
        instantiateWasm: (imports, done) => {
          this.#start = { imports, done };
          begin(this.#start);
          return {};
        },
      });
      this.#module.then(resolve, reject);
    });
  }
}

async function hook(module: SqlJsModule, instance: WebAssembly.Instance | undefined): Promise<LoadedSqlJs> {
  const exported = Object.values(instance?.exports ?? {});
  const memory = exported.find((value) => value instanceof WebAssembly.Memory);
  const table = exported.find((value) => value instanceof WebAssembly.Table);
  if (memory === undefined || table === undefined) {
    return { module, heap: await heapOf(module), hookFailure: 'other code initialised sql.js first' };
  }
  const heap = new WasmHeap(module, () => memory.buffer);
  try {
    return { module, heap, vfs: installVfs(module, { memory, table }, heap) };
  } catch (error) {
    return { module, heap, hookFailure: error instanceof Error ? error.message : String(error) };
  }
}

// The memory of a sql.js that somebody else started: builds before 1.14 export it.
async function heapOf(module: SqlJsModule): Promise<Heap> {
  const { HEAPU8 } = module;
  if (HEAPU8 !== undefined) return new WasmHeap(module, () => module.HEAPU8?.buffer ?? HEAPU8.buffer);
  const { BorrowedHeap } = await import('./borrowed-heap.ts');
  return new BorrowedHeap(module, new Scratch(module));
}

const initialisations = new WeakMap<InitSqlJs, Initialisation>();

/**
 * Initialises sql.js and hooks its file system. initSqlJs answers one module per page, so all drivers share it; each has
 * databases of its own.
 */
export async function loadSqlJs(options: LoadOptions): Promise<LoadedSqlJs> {
  const init = options.initSqlJs ?? (await importSqlJs());
  let initialisation = initialisations.get(init);
  if (initialisation === undefined) {
    initialisation = new Initialisation(init);
    initialisations.set(init, initialisation);
  }
  return initialisation.load(options.wasm);
}

// A dynamic import, so that a program which never opens a database does not load it; bundlers make it a chunk. sql.js is
// CommonJS, whose exports arrive as `default`, or once more wrapped.
async function importSqlJs(): Promise<InitSqlJs> {
  let namespace: unknown;
  try {
    namespace = await import('sql.js');
  } catch (cause) {
    throw new ConfigurationError('sql.js is not installed; add it, or give the option "initSqlJs"', { cause });
  }
  for (let candidate = namespace, depth = 0; depth < 3; depth++) {
    if (typeof candidate === 'function') return candidate as InitSqlJs;
    candidate = (candidate as { default?: unknown } | undefined)?.default;
  }
  throw new ConfigurationError('sql.js has no initSqlJs; give the option "initSqlJs"');
}
