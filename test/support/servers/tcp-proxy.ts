import { createConnection, createServer, type Socket } from 'node:net';

/** Where a connection is cut when a client sends the text that was waited for. */
export type Cut = 'before it is sent on' | 'before its answer is sent back';

/** A relay between a driver and its server that loses what it is told to. */
export interface TcpProxy {
  readonly port: number;
  /** Cuts the connection of the next client that sends a text. Resolves when it is cut. */
  cutAt(text: string, cut: Cut): Promise<void>;
  /** Keeps all answers back until a client sends a text; resolves when it did. */
  holdAnswersUntil(text: string): Promise<void>;
  /** How often clients sent a text. */
  count(text: string): number;
  /** From now on nothing goes through, in either direction, and nobody is told. */
  freeze(): void;
  /** Closes what was frozen, as a router does that comes back, and lets new connections through. */
  thaw(): void;
  close(): Promise<void>;
}

interface Trap {
  readonly text: string;
  readonly cut: Cut;
  readonly sprung: () => void;
}

/** Makes, for each connection, what is told the bytes that its client sends. */
export type Watch = () => (data: Buffer) => void;

/** Relays connections to a port of this machine. */
export async function startTcpProxy(target: number, watch: Watch = () => () => undefined): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const sent: Buffer[] = [];
  let trap: Trap | undefined;
  let isFrozen = false;
  let gate: { readonly text: string; readonly held: (() => void)[]; readonly opened: () => void } | undefined;
  const openGate = (): void => {
    const { held, opened } = gate ?? { held: [], opened: () => undefined };
    gate = undefined;
    for (const answer of held) answer();
    opened();
  };
  const hold = (socket: Socket): Socket => {
    sockets.add(socket);
    // A peer that is killed resets the connection; the other side learns it by the close.
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const relay = (client: Socket): void => {
    hold(client);
    if (isFrozen) return;
    const server = hold(createConnection(target, '127.0.0.1'));
    const watching = watch();
    let caught: Trap | undefined;
    const cutBoth = (): void => {
      client.destroy();
      server.destroy();
    };
    client.on('data', (data) => {
      if (isFrozen) return;
      sent.push(data);
      watching(data);
      if (gate !== undefined && data.includes(gate.text)) openGate();
      if (trap !== undefined && data.includes(trap.text)) {
        caught = trap;
        trap = undefined;
      }
      if (caught?.cut === 'before it is sent on') {
        cutBoth();
        caught.sprung();
      } else server.write(data);
    });
    server.on('data', (data) => {
      if (isFrozen) return;
      if (gate !== undefined) return void gate.held.push(() => client.write(data));
      if (caught === undefined) return void client.write(data);
      // The server has answered, so that it has done what it was asked.
      cutBoth();
      caught.sprung();
    });
    client.on('close', () => isFrozen || server.destroy());
    server.on('close', () => isFrozen || client.destroy());
  };
  const listener = createServer(relay);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const destroyAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (listener.address() as { port: number }).port,
    cutAt: (text, cut) =>
      new Promise((sprung) => {
        trap = { text, cut, sprung };
      }),
    holdAnswersUntil: (text) =>
      new Promise((opened) => {
        gate = { text, held: [], opened };
      }),
    count: (text) => sent.filter((data) => data.includes(text)).length,
    freeze() {
      isFrozen = true;
    },
    thaw() {
      destroyAll();
      isFrozen = false;
    },
    async close() {
      destroyAll();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
