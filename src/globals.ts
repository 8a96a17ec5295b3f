/**
 * The only runtime globals that core may name, beyond the language itself.
 *
 * Core is compiled without DOM and Node types, so a global that is not declared here does not exist for it. Every
 * name below is available in browsers, Workers, Cloudflare Workers and Node 20.
 *
 * This must stay a `.ts` file: should a dependency pull `@types/node` into the program, these declarations fail as
 * "Duplicate identifier" or "Subsequent declarations"; in a `.d.ts` file `skipLibCheck` would hide exactly that.
 */
declare global {
  /** Web Crypto, as far as core needs it: random keys. */
  const crypto: {
    getRandomValues<T extends Int8Array | Uint8Array | Uint16Array | Uint32Array>(array: T): T;
    randomUUID(): `${string}-${string}-${string}-${string}-${string}`;
  };

  /** Encodes text as UTF-8. */
  class TextEncoder {
    readonly encoding: string;
    encode(input?: string): Uint8Array<ArrayBuffer>;
  }

  /** Decodes UTF-8; with `fatal`, ill-formed input throws a TypeError. */
  class TextDecoder {
    constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
    readonly encoding: string;
    readonly fatal: boolean;
    decode(input?: Uint8Array | ArrayBuffer, options?: { stream?: boolean }): string;
  }

  /** Tells an operation that its result is no longer wanted. */
  class AbortSignal {
    private constructor();
    static abort(reason?: unknown): AbortSignal;
    static any(signals: readonly AbortSignal[]): AbortSignal;
    readonly aborted: boolean;
    readonly reason: unknown;
    throwIfAborted(): void;
    addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
    removeEventListener(type: 'abort', listener: () => void): void;
  }

  /** Owns an {@link AbortSignal}. */
  class AbortController {
    readonly signal: AbortSignal;
    abort(reason?: unknown): void;
  }

  /** Runs the callback after the running job, before any timer. */
  function queueMicrotask(callback: () => void): void;
}

export {};
