import type { SqlJsModule } from '../engine/sql-js-module.ts';
import type { WasmHeap } from '../engine/wasm-heap.ts';
import { type IoContext, ioMethods } from './io-methods.ts';
import { HookError, locateVfs, VFS } from './locate-vfs.ts';
import type { PagedFile } from './paged-file.ts';

const OK = 0;

/** The parts of a wasm instance that the hook needs; both are among its exports. */
export interface CapturedWasm {
  readonly memory: WebAssembly.Memory;
  readonly table: WebAssembly.Table;
}

/** The files that SQLite, asking its own file system, gets from us. Everything else goes to the original. */
export interface VirtualFileSystem {
  /** Lets SQLite open `file` under the path `name`. */
  add(name: string, file: PagedFile): void;
  remove(name: string): void;
  /** A number that no file of this sql.js has been named with. */
  nextNumber(): number;
}

type Original = (...values: number[]) => number;

/**
 * Replaces xOpen, xAccess and xDelete of sql.js' own file system. Uses what every unmodified build gives: the memory and
 * table of the instance, `addFunction`, and the fixed layout of two structs. Throws a {@link HookError} where anything
 * is not as expected.
 */
export function installVfs(module: SqlJsModule, wasm: CapturedWasm, heap: WasmHeap): VirtualFileSystem {
  const vfs = locateVfs(wasm.memory.buffer);
  let count = 0;
  const files = new Map<string, PagedFile>();
  const handles = new Map<number, PagedFile>();
  // SQLite asks for the journal at every read, by the same pointer: so names are decoded once.
  const names = new Map<number, string>();
  const word = (index: number) => heap.pointerAt(vfs + index * 4);
  const context = ioContext(heap, handles, names);
  const { putInt32 } = context;
  const original = {
    open: originalMethod(wasm.table, word(VFS.open), 5),
    access: originalMethod(wasm.table, word(VFS.access), 4),
    remove: originalMethod(wasm.table, word(VFS.remove), 3),
  };
  const methods = putMethods(module, context);

  const open = (self: number, name: number, handle: number, flags: number, out: number): number => {
    const file = name === 0 ? undefined : files.get(module.UTF8ToString(name));
    if (file === undefined) return original.open(self, name, handle, flags, out);
    handles.set(handle, file);
    file.handles++;
    putInt32(handle, methods);
    if (out !== 0) putInt32(out, flags);
    return OK;
  };
  // Only the names of our own journals are remembered; their memory is SQLite's as long as the file is open.
  const side = (name: number): string | undefined => {
    const known = names.get(name);
    if (known !== undefined) return known;
    const path = module.UTF8ToString(name);
    const owner = path.replace(/-(?:journal|wal)$/, '');
    if (!files.has(owner)) return undefined;
    names.set(name, path);
    return path;
  };
  const access = (self: number, name: number, flags: number, out: number): number => {
    const path = side(name);
    if (path === undefined) return original.access(self, name, flags, out);
    putInt32(out, files.has(path) ? 1 : 0);
    return OK;
  };
  const remove = (self: number, name: number, sync: number): number =>
    side(name) === undefined ? original.remove(self, name, sync) : OK;

  putInt32(vfs + VFS.open * 4, module.addFunction(open, 'iiiiii'));
  putInt32(vfs + VFS.access * 4, module.addFunction(access, 'iiiii'));
  putInt32(vfs + VFS.remove * 4, module.addFunction(remove, 'iiii'));
  return {
    add: (name, file) => void files.set(name, file),
    remove: (name) => void files.delete(name),
    nextNumber: () => ++count,
  };
}

function ioContext(heap: WasmHeap, handles: Map<number, PagedFile>, names: Map<number, string>): IoContext {
  const putInt32 = (pointer: number, value: number) => {
    const memory = heap.view();
    for (let byte = 0; byte < 4; byte++) memory[pointer + byte] = value >>> (8 * byte);
  };
  return {
    view: () => heap.view(),
    file: (handle) => handles.get(handle) as PagedFile,
    closed: (handle) => {
      const file = handles.get(handle);
      if (file !== undefined) file.handles--;
      handles.delete(handle);
      names.clear();
    },
    putInt32,
    putInt64: (pointer, value) => {
      putInt32(pointer, value % 2 ** 32);
      putInt32(pointer + 4, Math.floor(value / 2 ** 32));
    },
  };
}

function putMethods(module: SqlJsModule, context: IoContext): number {
  const methods = ioMethods(context);
  const pointer = module._malloc(4 * (methods.length + 1));
  context.putInt32(pointer, 1);
  methods.forEach(([signature, method], index) => {
    context.putInt32(pointer + 4 * (index + 1), module.addFunction(method, signature));
  });
  return pointer;
}

function originalMethod(table: WebAssembly.Table, index: number, parameters: number): Original {
  const method: unknown = table.get(index);
  if (typeof method !== 'function' || method.length !== parameters) {
    throw new HookError('the file system of sql.js is of another shape');
  }
  return method as Original;
}
