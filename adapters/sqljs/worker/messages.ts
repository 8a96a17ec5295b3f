import type { ErrorCode, ExternalChange, Outcome, ResultSet, WireValue } from '../../../src/port.ts';
import type { SqljsOptions, SqljsWarning } from '../options.ts';
import type { StorageStatus } from '../sqljs-driver.ts';

/** The options that can cross to a worker; functions cannot. */
export interface WorkerOptions extends Omit<SqljsOptions, 'storage' | 'initSqlJs' | 'worker' | 'onWarning'> {
  readonly storage: { readonly kind: string; readonly name: string };
}

/** A statement on its way to the worker. */
export interface SentStatement {
  readonly sql: string;
  readonly params: readonly WireValue[];
  readonly writes?: readonly string[];
}

/** What a request asks for, and what the answer to it holds. */
export interface Requests {
  open: { readonly ask: { readonly options: WorkerOptions }; readonly answer: undefined };
  /** One statement, inside transaction `tx` or on its own. */
  execute: { readonly ask: { readonly tx?: number; readonly statement: SentStatement }; readonly answer: ResultSet };
  /** All statements or none. */
  batch: {
    readonly ask: { readonly tx?: number; readonly statements: readonly SentStatement[] };
    readonly answer: readonly ResultSet[];
  };
  begin: {
    readonly ask: { readonly tx: number; readonly readOnly: boolean; readonly foreignKeys?: false };
    readonly answer: undefined;
  };
  commit: { readonly ask: { readonly tx: number }; readonly answer: undefined };
  rollback: { readonly ask: { readonly tx: number }; readonly answer: undefined };
  exportFile: { readonly ask: object; readonly answer: Uint8Array<ArrayBuffer> };
  importFile: { readonly ask: { readonly file: Uint8Array | Blob }; readonly answer: undefined };
  storage: { readonly ask: object; readonly answer: StorageStatus };
  flush: { readonly ask: object; readonly answer: undefined };
  close: { readonly ask: object; readonly answer: undefined };
}

/** The names of the requests. */
export type RequestKind = keyof Requests;
type Request<Kind extends RequestKind> = { readonly kind: Kind; readonly id: number } & Requests[Kind]['ask'];

/** What the page sends. */
export type ToWorker =
  | { [Kind in RequestKind]: Request<Kind> }[RequestKind]
  /** The caller of request `id` has lost interest. */
  | { readonly kind: 'cancel'; readonly id: number }
  /** The page is being hidden. */
  | { readonly kind: 'hide' };

/** A `PersistenceError` as it crosses; classes do not survive the structured clone. */
export interface SentError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly outcome: Outcome;
  readonly entity?: string;
  readonly property?: string;
  readonly table?: string;
  readonly columns?: readonly string[];
  readonly constraint?: string;
  readonly cause?: string;
}

/** What the worker sends. */
export type FromWorker =
  | { readonly kind: 'answer'; readonly id: number; readonly value: Requests[RequestKind]['answer'] }
  | { readonly kind: 'failure'; readonly id: number; readonly error: SentError }
  | { readonly kind: 'change'; readonly change: ExternalChange }
  | { readonly kind: 'warning'; readonly warning: Omit<SqljsWarning, 'cause'> & { readonly cause?: string } };
