import { WrittenTables } from '../connection/written-tables.ts';

/** Commits that go to the storage together, and whoever waits for them. */
export class CommitGroup {
  readonly tables: WrittenTables = new WrittenTables();
  readonly stored: Promise<void>;
  resolve: () => void = () => {};
  reject: (error: unknown) => void = () => {};

  constructor() {
    this.stored = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // In deferred mode nobody waits, and the failure is reported as a warning.
    this.stored.catch(() => {});
  }
}
