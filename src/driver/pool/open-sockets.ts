/** A socket, as far as its end is of interest. */
export interface ClosingSocket {
  once(event: 'close', listener: () => void): unknown;
}

/**
 * The sockets of a driver's connections. Drivers say that a connection has ended when they have said goodbye; its socket
 * closes a moment later, and until then it keeps a process alive.
 */
export class OpenSockets {
  readonly #open = new Map<ClosingSocket, Promise<void>>();

  /** Notes the socket of a connection; adding it again does nothing. */
  add(socket: ClosingSocket): void {
    if (this.#open.has(socket)) return;
    const closing = new Promise<void>((resolve) => {
      socket.once('close', () => {
        this.#open.delete(socket);
        resolve();
      });
    });
    this.#open.set(socket, closing);
  }

  /** Waits until all of them have closed. */
  async closed(): Promise<void> {
    await Promise.all(this.#open.values());
  }
}
