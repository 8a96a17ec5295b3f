import { query } from 'meshestra';
import { useState } from 'preact/hooks';
import { Album, Genre, Label } from '../../entities.ts';
import { albumForm } from '../forms/album-form.ts';
import { EditDialog } from '../forms/edit-dialog.tsx';
import { Icon } from '../ui/icon.tsx';
import { useLibrary } from '../ui/library-context.ts';
import { ListPage } from '../ui/list-page.tsx';
import { type ListState, useListState } from '../ui/list-state.ts';
import { go, replaceSearch, useRoute } from '../ui/route.ts';
import { useLive, useLiveValue } from '../ui/use-live.ts';
import { albumCriteria, keyOf } from './album-filter.ts';
import { AlbumGrid } from './album-grid.tsx';
import { loadSample } from './welcome.tsx';

const ORDERS: Readonly<
  Record<string, { readonly label: string; readonly by: 'addedAt' | 'title' | 'year' | 'rating' }>
> = {
  added: { label: 'Recently added', by: 'addedAt' },
  title: { label: 'Title', by: 'title' },
  year: { label: 'Year', by: 'year' },
  rating: { label: 'Rating', by: 'rating' },
};

/** All albums as covers, with search, order, a genre or label to narrow them by, and pages. */
export function AlbumsView() {
  const state = useListState({ by: 'added', direction: 'desc' }, 48);
  const { search } = useRoute();
  const [adding, setAdding] = useState(false);
  const filter = { search: state.search, genre: keyOf(search.get('genre')), label: keyOf(search.get('label')) };
  const by = ORDERS[state.sort.by]?.by ?? 'addedAt';
  const key = JSON.stringify([filter, by, state.sort.direction, state.page]);
  const albums = useLive(key, () =>
    query(Album, albumCriteria(filter), {
      populate: ['artist'],
      orderBy: [{ [by]: state.sort.direction }, { id: state.sort.direction }],
      limit: state.pageSize,
      offset: (state.page - 1) * state.pageSize,
    }),
  );
  const total = useLiveValue(JSON.stringify(filter), ['albums', 'artists', 'album_genres'], (em) =>
    em.count(Album, albumCriteria(filter)),
  );
  return (
    <>
      <ListPage
        title="Albums"
        noun="album"
        state={state}
        total={total.rows}
        shown={albums.rows?.length ?? null}
        loading={albums.loading}
        error={albums.error ?? total.error}
        actions={<AddButton noun="album" onClick={() => setAdding(true)} />}
        filters={<AlbumFilters state={state} genre={filter.genre} label={filter.label} />}
        empty={<EmptyShelf onAdd={() => setAdding(true)} />}
      >
        <AlbumGrid albums={albums.rows ?? []} artistOf={(album) => album.artist.get().name} />
      </ListPage>
      {adding && <NewAlbum onClose={() => setAdding(false)} />}
    </>
  );
}

function EmptyShelf({ onAdd }: { onAdd(): void }) {
  const library = useLibrary();
  return (
    <>
      <Icon name="album" />
      <h2>Your shelf is empty</h2>
      <p>Add the first album, or look around in a small invented library first.</p>
      <div class="button-row">
        <wa-button variant="brand" onClick={onAdd}>
          Add an album
        </wa-button>
        <wa-button appearance="outlined" onClick={() => void loadSample(library)}>
          Load the sample library
        </wa-button>
      </div>
    </>
  );
}

/** The dialog for a new album; goes to it once it is saved. */
export function NewAlbum({ onClose, artist }: { onClose(): void; readonly artist?: string }) {
  return (
    <EditDialog
      spec={albumForm}
      target={{
        initial: {
          title: null,
          artist: artist ?? null,
          year: null,
          format: 'LP',
          label: null,
          genres: [],
          rating: null,
          notes: null,
        },
      }}
      onClose={onClose}
      onSaved={(id) => go(`/albums/${id}`)}
    />
  );
}

/** The button that adds something, at the head of a page. */
export function AddButton({ noun, onClick }: { readonly noun: string; onClick(): void }) {
  return (
    <wa-button variant="brand" class="add" onClick={onClick}>
      <Icon name="add" slot="start" />
      Add {noun}
    </wa-button>
  );
}

function AlbumFilters({
  state,
  genre,
  label,
}: {
  readonly state: ListState;
  readonly genre: number | null;
  readonly label: number | null;
}) {
  const genres = useLive('genres', () => query(Genre, undefined, { orderBy: { name: 'asc' } }));
  const labels = useLiveValue(`label ${label}`, ['labels'], async (em) =>
    label === null ? null : em.findById(Label, label),
  );
  const order = `${state.sort.by} ${state.sort.direction}`;
  return (
    <>
      <wa-select
        class="filter"
        label="Genre"
        placeholder="Any genre"
        withClear
        value={genre === null ? '' : String(genre)}
        onChange={(event) => replaceSearch({ genre: String(event.currentTarget.value ?? ''), page: null })}
      >
        {genres.rows?.map((one) => (
          <wa-option key={one.id} value={String(one.id)}>
            {one.name}
          </wa-option>
        ))}
      </wa-select>
      <wa-select
        class="filter order"
        label="Order"
        value={order}
        onChange={(event) => {
          const [by = 'added', direction] = String(event.currentTarget.value).split(' ');
          state.setSort({ by, direction: direction === 'desc' ? 'desc' : 'asc' });
        }}
      >
        {Object.entries(ORDERS).flatMap(([name, { label: text }]) => [
          <wa-option key={`${name} asc`} value={`${name} asc`}>
            {name === 'added' ? 'Added first' : `${text}, ascending`}
          </wa-option>,
          <wa-option key={`${name} desc`} value={`${name} desc`}>
            {name === 'added' ? text : `${text}, descending`}
          </wa-option>,
        ])}
      </wa-select>
      {labels.rows && (
        <wa-tag withRemove onwa-remove={() => replaceSearch({ label: null, page: null })}>
          Label: {labels.rows.name}
        </wa-tag>
      )}
    </>
  );
}
