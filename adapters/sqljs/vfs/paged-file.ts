/** Bytes in one extent of memory; a multiple of every page size SQLite knows, so no page straddles two. */
const EXTENT = 1 << 20;

/** SQLite's lock levels: https://www.sqlite.org/c3ref/c_lock_exclusive.html */
export const LOCK = { none: 0, shared: 1, reserved: 2, pending: 3, exclusive: 4 } as const;

/**
 * The database file, in memory, in extents of 1 MiB. It knows which units of {@link PagedFile.unit} bytes were written
 * since they were last handed to the storage, and answers SQLite's locks.
 */
export class PagedFile {
  /** The grain of dirty tracking and of the storage's log. It need not be SQLite's page size. */
  readonly unit: number;
  size = 0;
  /** Units written since the last {@link PagedFile.takeDirty}. */
  readonly dirty: Set<number> = new Set();
  sizeChanged = false;
  lockLevel: number = LOCK.none;
  /** Whether a write transaction may begin. While false, SQLite gets SQLITE_BUSY and {@link PagedFile.refused} is set. */
  mayWrite = true;
  refused = false;
  /** Whether SQLite keeps its exclusive lock between transactions. */
  exclusive = false;
  /** How many times SQLite has the file open. */
  handles = 0;
  readonly #extents: Uint8Array[] = [];

  constructor(unit = 4096) {
    this.unit = unit;
  }

  /** Whether SQLite or somebody else changed the file since it was last handed to the storage. */
  get isDirty(): boolean {
    return this.sizeChanged || this.dirty.size > 0;
  }

  /**
   * Whether the bytes are a committed database: SQLite writes to the file only while it holds the exclusive lock, and a
   * commit runs to its end within one call. Where it never lets go of that lock, `cache_spill=OFF` alone says so.
   */
  get isCommitted(): boolean {
    return this.exclusive || this.lockLevel < LOCK.exclusive;
  }

  /** Copies `length` bytes from `position` on; what lies beyond the end is zero. Returns the bytes that were there. */
  read(target: Uint8Array, offset: number, position: number, length: number): number {
    const there = Math.max(0, Math.min(length, this.size - position));
    let done = 0;
    while (done < there) {
      const at = position + done;
      const inside = at % EXTENT;
      const count = Math.min(there - done, EXTENT - inside);
      target.set(this.#extent((at - inside) / EXTENT).subarray(inside, inside + count), offset + done);
      done += count;
    }
    if (there < length) target.fill(0, offset + there, offset + length);
    return there;
  }

  /** What SQLite writes: the units touched become dirty, and so does a hole left between the old end and `position`. */
  write(source: Uint8Array, offset: number, position: number, length: number): void {
    this.#markDirty(Math.min(position, this.size), position + length);
    this.patch(source, offset, position, length);
  }

  /** What comes from the storage: nothing becomes dirty. */
  patch(source: Uint8Array, offset: number, position: number, length: number): void {
    let done = 0;
    while (done < length) {
      const at = position + done;
      const inside = at % EXTENT;
      const count = Math.min(length - done, EXTENT - inside);
      this.#extent((at - inside) / EXTENT).set(source.subarray(offset + done, offset + done + count), inside);
      done += count;
    }
    if (position + length > this.size) {
      this.size = position + length;
      this.sizeChanged = true;
    }
  }

  /** Cuts the file, or lengthens it with zeros. */
  truncate(size: number): void {
    if (size === this.size) return;
    if (size > this.size) this.#markDirty(this.size, size);
    else this.#cut(size);
    this.size = size;
    this.sizeChanged = true;
  }

  /** A copy of the bytes from `position` on, at most to the end of the file. */
  slice(position: number, length: number): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - position)));
    this.read(bytes, 0, position, bytes.length);
    return bytes;
  }

  /** A copy of the whole file. */
  copy(): Uint8Array<ArrayBuffer> {
    return this.slice(0, this.size);
  }

  /** The dirty units in ascending order, which count as clean from now on. */
  takeDirty(): Uint32Array {
    const units = Uint32Array.from(this.dirty).sort();
    this.clean();
    return units;
  }

  /** Makes units dirty again, because the storage did not take them. */
  restoreDirty(units: Iterable<number>): void {
    for (const unit of units) if (unit * this.unit < this.size) this.dirty.add(unit);
    this.sizeChanged = true;
  }

  /** Forgets what is dirty. */
  clean(): void {
    this.dirty.clear();
    this.sizeChanged = false;
  }

  #cut(size: number): void {
    const inside = size % EXTENT;
    // Later growth must read zeros.
    this.#extents[(size - inside) / EXTENT]?.fill(0, inside);
    this.#extents.length = Math.min(this.#extents.length, Math.ceil(size / EXTENT));
    const end = Math.ceil(size / this.unit);
    for (const unit of this.dirty) if (unit >= end) this.dirty.delete(unit);
    if (size % this.unit !== 0) this.dirty.add(end - 1);
  }

  #markDirty(from: number, to: number): void {
    for (let unit = Math.floor(from / this.unit); unit * this.unit < to; unit++) this.dirty.add(unit);
  }

  #extent(index: number): Uint8Array {
    const extent = this.#extents[index];
    if (extent !== undefined) return extent;
    const fresh = new Uint8Array(EXTENT);
    this.#extents[index] = fresh;
    return fresh;
  }
}
