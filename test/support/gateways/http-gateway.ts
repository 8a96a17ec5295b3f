import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What goes wrong with one request. */
export type Fault =
  /** The work is done, and its answer never comes: the connection is closed instead. */
  | 'answer lost'
  /** The work is done, and the connection is closed in the middle of its answer. */
  | 'answer cut'
  /** The connection is closed before anything is done. */
  | 'request lost'
  /** Nothing is done; the answer is this status. */
  | { readonly status: number; readonly body?: string }
  /** The work is done, but something in between answers with this status. */
  | { readonly doneBut: number }
  /** The work is done, and its answer comes this many milliseconds later. */
  | { readonly late: number };

/** A request as it came in. */
export interface GatewayRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Fires when the client goes away before it has its answer. */
  readonly gone: AbortSignal;
}

/** What is answered. */
export interface GatewayAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What stands before a database, counts its requests, and makes them fail. */
export interface Faults<F> {
  /** Every request since the last {@link reset}, by its path and body. */
  readonly requests: readonly Pick<GatewayRequest, 'path' | 'body'>[];
  /** Has one of the next requests fail: the first whose body has the text in it. */
  fail(fault: F, text?: string): void;
  /** Forgets the requests and the faults that are left. */
  reset(): void;
}

/** A server that speaks a vendor's protocol in front of a real database. */
export interface HttpGateway extends Faults<Fault> {
  /** `http://127.0.0.1:port`. */
  readonly origin: string;
  readonly port: number;
  /** Milliseconds that every answer is held back, as a distance would. */
  latency: number;
  close(): Promise<void>;
}

/** What a gateway is made of. */
export interface GatewayParts {
  answer(request: GatewayRequest): Promise<GatewayAnswer>;
  /** Takes over a connection that asks for another protocol. */
  upgrade?(request: IncomingMessage, socket: Socket, head: Buffer): void;
  close(): Promise<void>;
}

/** Opens a gateway on a free port. */
export async function openGateway(parts: GatewayParts): Promise<HttpGateway> {
  const requests: Pick<GatewayRequest, 'path' | 'body'>[] = [];
  const faults: { readonly fault: Fault; readonly text: string }[] = [];
  const server = createServer((request, response) => void serve(request, response));
  if (parts.upgrade !== undefined) {
    server.on('upgrade', (request, socket, head) => parts.upgrade?.(request, socket as Socket, head));
  }
  // Client and server share a thread: after one long computation the server would close as idle what the client writes to.
  server.keepAliveTimeout = 0;
  const port = await listen(server);
  const gateway: HttpGateway = {
    origin: `http://127.0.0.1:${port}`,
    port,
    requests,
    latency: 0,
    fail: (fault, text = '') => void faults.push({ fault, text }),
    reset() {
      requests.length = 0;
      faults.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await parts.close();
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    const body = await textOf(request).catch(() => null);
    if (body === null) return;
    const path = request.url ?? '/';
    requests.push({ path, body });
    const place = faults.findIndex(({ text }) => body.includes(text));
    const [found] = place === -1 ? [] : faults.splice(place, 1);
    const headers = request.headers as GatewayRequest['headers'];
    await respond(response, found?.fault, () => parts.answer({ path, headers, body, gone: gone.signal }), gateway);
  }

  return gateway;
}

async function respond(
  response: ServerResponse,
  fault: Fault | undefined,
  work: () => Promise<GatewayAnswer>,
  gateway: HttpGateway,
): Promise<void> {
  if (fault === 'request lost') return void response.destroy();
  if (typeof fault === 'object' && 'status' in fault) return send(response, fault.status, fault.body ?? '');
  const { status, body, headers } = await work().catch((error: unknown) => ({
    status: 500,
    body: { message: `the gateway failed: ${String(error)}` },
    headers: {},
  }));
  if (gateway.latency > 0) await sleep(gateway.latency);
  if (fault === 'answer lost') return void response.destroy();
  if (typeof fault === 'object' && 'doneBut' in fault) return send(response, fault.doneBut, 'upstream error');
  if (typeof fault === 'object') await sleep(fault.late);
  const text = JSON.stringify(body);
  if (fault !== 'answer cut') return send(response, status, text, headers);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
}

function send(response: ServerResponse, status: number, body: string, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
