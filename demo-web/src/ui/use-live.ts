import type { EntityManager, Loaded, Query } from 'meshestra';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLibrary } from './library-context.ts';

/** Rows of a live query: null until the first answer came. */
export interface Live<T> {
  readonly rows: T | null;
  readonly error: unknown;
  /** Whether a newer answer is on its way. */
  readonly loading: boolean;
}

/**
 * The query's entities, read again after each commit of this or another tab that touched their tables. `key` says when
 * the query is another one: its text must hold everything the query was made from.
 */
export function useLive<T extends object, P extends string>(
  key: string,
  make: () => Query<T, P>,
): Live<readonly Loaded<T, P>[]> {
  const library = useLibrary();
  const [live, setLive] = useState<Live<readonly Loaded<T, P>[]>>({ rows: null, error: null, loading: true });
  const latest = useRef(make);
  latest.current = make;
  useEffect(() => {
    const answers = library.live(latest.current())[Symbol.asyncIterator]();
    let current = true;
    setLive((before) => ({ ...before, loading: true }));
    const follow = async () => {
      try {
        for (let next = await answers.next(); current && !next.done; next = await answers.next()) {
          setLive({ rows: next.value, error: null, loading: false });
        }
      } catch (error) {
        if (current) setLive((before) => ({ ...before, error, loading: false }));
      }
    };
    void follow();
    return () => {
      current = false;
      void answers.return?.();
    };
  }, [library, key]);
  return live;
}

/**
 * The same for anything that reads: `read` runs now, and again after each commit that touched one of `tables`. Under
 * another key the rows are null again until they were read, because a number of something else would be wrong.
 */
export function useLiveValue<T>(
  key: string,
  tables: readonly string[],
  read: (em: EntityManager) => Promise<T>,
): Live<T> {
  const library = useLibrary();
  const [live, setLive] = useState<Live<T> & { readonly of: string }>({
    rows: null,
    error: null,
    loading: true,
    of: key,
  });
  const latest = useRef(read);
  latest.current = read;
  const watched = tables.join();
  useEffect(() => {
    const follow = followValue<T>(
      () => latest.current(library.em()),
      (part) =>
        setLive((before) => ({
          ...(before.of === key ? before : { rows: null, error: null, loading: true }),
          ...part,
          of: key,
        })),
    );
    const names = new Set(watched.split(','));
    const stop = library.on('change', ({ tables: touched }) => {
      if (touched.some((table) => names.has(table))) follow.refresh();
    });
    return () => {
      follow.end();
      stop();
    };
  }, [library, key, watched]);
  return live.of === key ? live : { rows: null, error: null, loading: true };
}

/** Reads now and at each `refresh()`; refreshes during a read are one more read, not many. */
function followValue<T>(read: () => Promise<T>, tell: (part: Partial<Live<T>>) => void) {
  let ended = false;
  let again = false;
  let running = false;
  const answer = (part: Partial<Live<T>>) => ended || tell(part);
  const run = async () => {
    running = true;
    do {
      again = false;
      await read().then(
        (rows) => answer({ rows, error: null, loading: false }),
        (error: unknown) => answer({ error, loading: false }),
      );
    } while (again && !ended);
    running = false;
  };
  const refresh = () => {
    again = true;
    if (!running) void run();
  };
  refresh();
  return {
    refresh,
    end: () => {
      ended = true;
    },
  };
}
