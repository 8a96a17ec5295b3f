/** What a page goes through that a database must know of. */
export interface PageEvents {
  /** The page may be gone the next moment. */
  readonly onHide: () => void;
  readonly onShow: () => void;
}

/** Listens until the returned function is called; to nothing where there is no page (workers, Node). */
export function watchPage({ onHide, onShow }: PageEvents): () => void {
  if (typeof document === 'undefined') return () => {};
  const onVisibility = () => (document.visibilityState === 'hidden' ? onHide() : onShow());
  document.addEventListener('visibilitychange', onVisibility);
  globalThis.addEventListener('pagehide', onHide);
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    globalThis.removeEventListener('pagehide', onHide);
  };
}
