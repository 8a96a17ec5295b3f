/** Why the virtual file system of sql.js could not be replaced; the driver then works on whole exports. */
export class HookError extends Error {
  override readonly name = 'HookError';
}

/**
 * Word offsets of `sqlite3_vfs` on wasm32, a struct that SQLite has promised not to change:
 * https://www.sqlite.org/c3ref/vfs.html
 */
export const VFS = { version: 0, fileBytes: 1, pathBytes: 2, name: 4, open: 6, remove: 7, access: 8 } as const;

/**
 * Finds the default file system in the memory of a fresh sql.js. `sqlite3_vfs_find` is not exported, but the struct is
 * unmistakable: its name points to "unix", its longest path is 512 bytes, and exactly one place is like that.
 */
export function locateVfs(memory: ArrayBufferLike): number {
  const bytes = new Uint8Array(memory);
  const words = new Uint32Array(memory);
  const found: number[] = [];
  for (const name of namesIn(bytes)) {
    for (let at = words.indexOf(name); at !== -1; at = words.indexOf(name, at + 1)) {
      const start = at - VFS.name;
      if (start >= 0 && looksLikeVfs(words, start)) found.push(start * 4);
    }
  }
  const [vfs] = found;
  if (vfs === undefined || found.length > 1) {
    throw new HookError(`the file system of sql.js was not found (${found.length} candidates)`);
  }
  return vfs;
}

const UNIX = [0x75, 0x6e, 0x69, 0x78, 0];

function* namesIn(bytes: Uint8Array): Generator<number> {
  for (let at = bytes.indexOf(0x75); at !== -1; at = bytes.indexOf(0x75, at + 1)) {
    if (bytes[at - 1] === 0 && UNIX.every((byte, offset) => bytes[at + offset] === byte)) yield at;
  }
}

function looksLikeVfs(words: Uint32Array, start: number): boolean {
  const word = (offset: number) => words[start + offset] ?? 0;
  const version = word(VFS.version);
  const fileBytes = word(VFS.fileBytes);
  return (
    version >= 1 &&
    version <= 3 &&
    fileBytes >= 32 &&
    fileBytes < 1024 &&
    word(VFS.pathBytes) === 512 &&
    word(VFS.open) !== 0 &&
    word(VFS.remove) !== 0 &&
    word(VFS.access) !== 0
  );
}
