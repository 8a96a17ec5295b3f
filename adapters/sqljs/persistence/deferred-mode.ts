import type { CommitPipeline, DeferredMode, PipelineParts } from './commit-pipeline.ts';

/** Deferred mode of a pipeline. Loaded where the option asks for it. */
export class DeferredCommits implements DeferredMode {
  leaving: Promise<boolean> | undefined;
  readonly #pipeline: CommitPipeline;
  readonly #parts: PipelineParts;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(pipeline: CommitPipeline, parts: PipelineParts) {
    this.#pipeline = pipeline;
    this.#parts = parts;
  }

  get isWaiting(): boolean {
    return this.#timer !== undefined;
  }

  wait(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#pipeline.pump();
    }, this.#parts.settings.flushDelay);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  // Everything that is not stored yet is on its way when this returns. Legal only while the lock is held, because there
  // is no time to check the version.
  hide(): void {
    const { sync, flight } = this.#pipeline;
    const { store, lock, host } = this.#parts;
    const { file } = host;
    const isNeeded = (file.isDirty || flight !== undefined) && this.leaving === undefined;
    if (store.writeNow === undefined || !isNeeded || !lock.held || !file.isCommitted) return;
    const group = this.#pipeline.takeGroup();
    if (flight !== undefined) file.restoreDirty(flight.units);
    const next = sync.nextCommit(flight === undefined ? group.tables.names : null);
    const commit = flight === undefined ? next : { ...next, expected: next.expected + 1 };
    this.leaving = store.writeNow(commit).then(
      () => {
        sync.version = commit.expected + 1;
        this.leaving = undefined;
        this.#pipeline.announce(group);
        this.#pipeline.pump();
        this.#pipeline.releaseWhenIdle();
        return true;
      },
      (error: unknown) => {
        this.leaving = undefined;
        file.restoreDirty(commit.units);
        group.reject(error);
        this.warn(error);
        return false;
      },
    );
  }

  warn(cause: unknown): void {
    const message = 'reported commits could not be stored';
    this.#parts.settings.onWarning({ kind: 'flush-failed', message, cause });
  }
}
