import type { IncomingMessage } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** Carries WebSockets on to a server. */
export interface WebSocketBridge {
  readonly opened: number;
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void;
  /** Cuts every connection, as a network does. */
  cut(): void;
  close(): void;
}

/** What a bridge has to know. */
export interface BridgeParts {
  /** The server's `host:port` by the name of the compute. */
  target(host: string): string | undefined;
  /** The password that clients must have; the server itself is to ask for none. */
  readonly password: string;
}

const CANCEL_REQUEST = 80_877_102;
const ASK_FOR_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);
const PASSWORD_MESSAGE = 0x70;

/**
 * Makes a bridge: the compute is the host of `?address=`. As with Neon, the bridge itself asks for the password, in clear
 * text, and everything else passes as it is.
 */
export function bridgeWebSockets({ target, password }: BridgeParts): WebSocketBridge {
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const sockets = new Set<Socket>();
  let opened = 0;
  server.on('connection', (client: WebSocket, request: IncomingMessage) => {
    const asked = new URL(request.url ?? '/', 'http://gateway').searchParams.get('address') ?? '';
    const [host = '', port] = (target(asked.split(':')[0] ?? '') ?? '').split(':');
    if (port === undefined) return client.close(1008, 'there is no such compute');
    opened += 1;
    const upstream = createConnection(Number(port), host);
    sockets.add(upstream);
    const login = createLogin(password, client, upstream);
    client.on('message', (data) => login(data as Buffer));
    client.on('close', () => upstream.destroy());
    client.on('error', () => upstream.destroy());
    upstream.on('data', (data) => client.send(data));
    upstream.on('error', () => client.terminate());
    upstream.on('close', () => {
      sockets.delete(upstream);
      client.close();
    });
  });
  const cut = (): void => {
    for (const client of server.clients) client.terminate();
    for (const socket of sockets) socket.destroy();
  };
  return {
    get opened() {
      return opened;
    },
    upgrade: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (client) => server.emit('connection', client, request)),
    cut,
    close() {
      cut();
      server.close();
    },
  };
}

/** Holds the client's first message back until it has said the password, which the server is not to be told. */
function createLogin(password: string, client: WebSocket, upstream: Socket): (data: Buffer) => void {
  let held: Buffer = Buffer.alloc(0);
  let startup: Buffer | null = null;
  let isOpen = false;
  const take = (length: number): Buffer => {
    const message = held.subarray(0, length);
    held = held.subarray(length);
    return message;
  };
  const open = (first: Buffer): void => {
    isOpen = true;
    upstream.write(Buffer.concat([first, held]));
  };
  const begin = (): void => {
    if (held.length < 8 || held.length < held.readInt32BE(0)) return;
    startup = take(held.readInt32BE(0));
    if (startup.readInt32BE(4) === CANCEL_REQUEST) open(startup);
    else client.send(ASK_FOR_PASSWORD);
  };
  const checkPassword = (first: Buffer): void => {
    if (held.length < 5 || held.length <= held.readInt32BE(1)) return;
    const message = take(held.readInt32BE(1) + 1);
    const said = message[0] === PASSWORD_MESSAGE ? message.subarray(5, -1).toString('utf8') : '';
    if (said === password) open(first);
    else client.send(refusal(), () => client.close());
  };
  return (data) => {
    if (isOpen) return void upstream.write(data);
    held = Buffer.concat([held, data]);
    if (startup === null) begin();
    if (startup !== null && !isOpen) checkPassword(startup);
  };
}

function refusal(): Buffer {
  const fields = ['SFATAL', 'VFATAL', 'C28P01', 'Mpassword authentication failed'];
  const body = Buffer.from(`${fields.map((field) => `${field}\0`).join('')}\0`);
  const head = Buffer.from([0x45, 0, 0, 0, 0]);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
