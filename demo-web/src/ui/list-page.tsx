import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatAmount } from './format.ts';
import { Icon } from './icon.tsx';
import { type ListState, useSettled } from './list-state.ts';
import { PageTitle } from './page-title.tsx';
import { Problem } from './problem.tsx';

/** What a page with a searchable list consists of. */
export interface ListPageProps {
  readonly title: string;
  readonly noun: string;
  readonly state: ListState;
  /** How many there are that match; null until it is known. */
  readonly total: number | null;
  readonly shown: number | null;
  readonly loading: boolean;
  readonly error: unknown;
  readonly actions?: ComponentChildren;
  readonly filters?: ComponentChildren;
  /** Said where there is nothing at all. */
  readonly empty: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A heading, a search, the list itself, and pages. */
export function ListPage(props: ListPageProps) {
  const { title, noun, state, total } = props;
  const found = total === null ? 'Counting …' : formatAmount(total, noun);
  return (
    <section class="page" aria-labelledby="page-title">
      <header class="page-head">
        <div>
          <PageTitle>{title}</PageTitle>
          <p class="page-count" role="status">
            {found}
            {state.search !== '' && total !== null ? ` found for “${state.search}”` : ''}
          </p>
        </div>
        <div class="page-actions">{props.actions}</div>
      </header>
      <div class="toolbar">
        <SearchBox noun={noun} state={state} />
        {props.filters}
        {props.loading && (
          <span class="toolbar-busy" aria-hidden="true">
            <wa-spinner />
          </span>
        )}
      </div>
      {props.error !== null && <Problem error={props.error} />}
      {props.shown === null ? <ListSkeleton /> : props.shown === 0 ? <Nothing {...props} /> : props.children}
      {total !== null && total > state.pageSize && (
        <wa-pagination
          label={`Pages of ${title.toLowerCase()}`}
          total={total}
          pageSize={state.pageSize}
          page={state.page}
          withEdges
          onwa-page-change={(event) => {
            state.setPage(event.detail.page);
            scrollTo({ top: 0 });
          }}
        />
      )}
    </section>
  );
}

function SearchBox({ noun, state }: { readonly noun: string; readonly state: ListState }) {
  const [text, setText] = useState(state.search);
  const settled = useSettled(text, 180);
  useEffect(() => {
    if (settled !== state.search) state.setSearch(settled);
  }, [settled]);
  useEffect(() => setText(state.search), [state.search]);
  return (
    <wa-input
      class="search wa-visually-hidden-label"
      type="search"
      placeholder={`Search ${noun}s`}
      label={`Search ${noun}s`}
      withClear
      value={text}
      onInput={(event) => setText(event.currentTarget.value ?? '')}
    >
      <Icon name="search" slot="start" />
    </wa-input>
  );
}

function Nothing({ state, noun, empty }: ListPageProps) {
  if (state.search === '') return <div class="nothing">{empty}</div>;
  return (
    <div class="nothing">
      <p>
        No {noun} matches “{state.search}”.
      </p>
      <wa-button appearance="outlined" onClick={() => state.setSearch('')}>
        Clear the search
      </wa-button>
    </div>
  );
}

function ListSkeleton() {
  return (
    <div class="skeletons" aria-hidden="true">
      {[1, 2, 3, 4, 5, 6].map((line) => (
        <wa-skeleton key={line} />
      ))}
    </div>
  );
}
