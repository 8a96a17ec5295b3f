import type { WireValue } from './wire-value.ts';

/** SQL text in the driver's own placeholder style, and the values for its placeholders in order. */
export interface Statement {
  readonly sql: string;
  readonly params: readonly WireValue[];
}
