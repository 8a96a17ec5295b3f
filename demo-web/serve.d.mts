/** The policy under which the demo is meant to run. */
export const CONTENT_SECURITY_POLICY: string;

/** Serves a built demo (`demo-web/dist`, port 4173 on localhost); resolves with its address and how to end it. */
export function serveDemo(options?: {
  readonly port?: number;
  readonly host?: string;
  readonly folder?: string;
}): Promise<{ readonly url: string; close(): Promise<void> }>;
