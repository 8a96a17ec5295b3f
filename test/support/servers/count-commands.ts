import type { Watch } from './tcp-proxy.ts';

/** Counts what clients of MySQL ask their server for. */
export interface CommandCounter {
  readonly count: number;
  /** Looks on at the bytes of a connection. */
  readonly watch: Watch;
}

const HEADER = 4;

/**
 * A command is a packet that begins a sequence: its number is 0. A packet has its length in three bytes before its number
 * (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html).
 */
export function countCommands(): CommandCounter {
  let count = 0;
  return {
    get count() {
      return count;
    },
    watch() {
      let pending = Buffer.alloc(0);
      let body = 0;
      return (data) => {
        pending = Buffer.concat([pending, data]);
        for (;;) {
          const skipped = Math.min(body, pending.length);
          pending = pending.subarray(skipped);
          body -= skipped;
          if (body > 0 || pending.length < HEADER) return;
          body = pending.readUIntLE(0, 3);
          if (pending[3] === 0) count += 1;
          pending = pending.subarray(HEADER);
        }
      };
    },
  };
}
