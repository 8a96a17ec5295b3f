/** Either end of a worker. */
export interface MessageEnd {
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** Gathers the messages of one turn of the event loop into one `postMessage`, which costs more than what it carries. */
export class Outbox<Message> {
  readonly #end: MessageEnd;
  #messages: Message[] = [];
  #transfer: Transferable[] = [];

  constructor(end: MessageEnd) {
    this.#end = end;
  }

  send(message: Message, transfer: readonly Transferable[] = []): void {
    if (this.#messages.length === 0) queueMicrotask(() => this.sendNow());
    this.#messages.push(message);
    this.#transfer.push(...transfer);
  }

  /** Sends what is there without waiting for the end of the turn. */
  sendNow(): void {
    const messages = this.#messages;
    const transfer = this.#transfer;
    this.#messages = [];
    this.#transfer = [];
    if (messages.length > 0) this.#end.postMessage(messages, transfer);
  }
}
