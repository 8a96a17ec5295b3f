import { useEffect, useState } from 'preact/hooks';
import type { Sort } from './data-table.tsx';
import { replaceSearch, useRoute } from './route.ts';

/** What a list shows, as kept in the address, so that back, forward and reload keep it. */
export interface ListState {
  readonly search: string;
  readonly sort: Sort;
  readonly page: number;
  readonly pageSize: number;
  setSearch(text: string): void;
  setSort(sort: Sort): void;
  setPage(page: number): void;
}

const PAGE_SIZE = 50;

/** The state of the list at the current address. */
export function useListState(initial: Sort, pageSize = PAGE_SIZE): ListState {
  const { search } = useRoute();
  const sort: Sort = {
    by: search.get('sort') ?? initial.by,
    direction: (search.get('order') ?? initial.direction) === 'desc' ? 'desc' : 'asc',
  };
  const page = Number.parseInt(search.get('page') ?? '1', 10);
  return {
    search: search.get('q') ?? '',
    sort,
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
    pageSize,
    setSearch: (q) => replaceSearch({ q, page: null }),
    setSort: (next) => replaceSearch({ sort: next.by, order: next.direction, page: null }),
    setPage: (next) => replaceSearch({ page: next === 1 ? null : String(next) }),
  };
}

/** `value`, but only after it has not changed for some milliseconds. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
