/** What tabs tell each other about one stored database. */
export type TabNotice =
  /** Version `version` is stored. */
  | { readonly kind: 'commit'; readonly version: number }
  /** Somebody waits for the lock. */
  | { readonly kind: 'want' };

/** The channel between the tabs that have a database open; silent where the runtime has none. */
export class TabNotices {
  readonly #channel: BroadcastChannel | undefined;

  constructor(name: string, listener: (notice: TabNotice) => void) {
    if (typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel(name);
    this.#channel.onmessage = (event: MessageEvent<TabNotice>) => listener(event.data);
  }

  post(notice: TabNotice): void {
    this.#channel?.postMessage(notice);
  }

  close(): void {
    this.#channel?.close();
  }
}
