import { contains, type Loaded, or, query, type Where } from 'meshestra';
import { useState } from 'preact/hooks';
import { type Album, Track } from '../../entities.ts';
import { EditDialog } from '../forms/edit-dialog.tsx';
import { trackForm } from '../forms/track-form.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { formatDuration } from '../ui/format.ts';
import { ListPage } from '../ui/list-page.tsx';
import { useListState } from '../ui/list-state.ts';
import { Stars } from '../ui/stars.tsx';
import { useLive, useLiveValue } from '../ui/use-live.ts';
import { TrackActions } from './track-actions.tsx';

const COLUMNS = { title: 'title', seconds: 'seconds', rating: 'rating', added: 'id' } as const;

type ShownTrack = Loaded<Track, 'album.artist'>;

function trackCriteria(search: string): Where<Track> | undefined {
  if (search === '') return undefined;
  const album: Where<Album> = { title: contains(search) };
  return or<Track>({ title: contains(search) }, { album }, { album: { artist: { name: contains(search) } } });
}

/** All tracks: the list that stays quick with a million rows. */
export function TracksView() {
  const state = useListState({ by: 'title', direction: 'asc' });
  const [editing, setEditing] = useState<Track | null>(null);
  const by = COLUMNS[state.sort.by as keyof typeof COLUMNS] ?? 'title';
  const offset = (state.page - 1) * state.pageSize;
  const tracks = useLive(JSON.stringify([state.search, by, state.sort.direction, offset]), () =>
    query(Track, trackCriteria(state.search), {
      populate: ['album.artist'],
      orderBy: [{ [by]: state.sort.direction }, { id: state.sort.direction }],
      limit: state.pageSize,
      offset,
    }),
  );
  const total = useLiveValue(state.search, ['tracks', 'albums', 'artists'], (em) =>
    em.count(Track, trackCriteria(state.search)),
  );
  return (
    <>
      <ListPage
        title="Tracks"
        noun="track"
        state={state}
        total={total.rows}
        shown={tracks.rows?.length ?? null}
        loading={tracks.loading}
        error={tracks.error ?? total.error}
        empty={<p>No tracks yet. Open an album to add some.</p>}
      >
        <DataTable
          label="Tracks"
          rows={tracks.rows ?? []}
          sort={state.sort}
          onSort={state.setSort}
          columns={trackColumns(setEditing)}
        />
      </ListPage>
      {editing && (
        <EditDialog spec={trackForm(editing.album.id)} target={{ id: editing.id }} onClose={() => setEditing(null)} />
      )}
    </>
  );
}

function trackColumns(onEdit: (track: Track) => void): readonly Column<ShownTrack>[] {
  return [
    {
      header: 'Title',
      sort: 'title',
      primary: true,
      cell: (track) => (
        <>
          {track.title}
          <span class="narrow-only row-detail">{track.album.get().artist.get().name}</span>
        </>
      ),
    },
    {
      header: 'Artist',
      wide: true,
      cell: (track) => <a href={`#/artists/${track.album.get().artist.id}`}>{track.album.get().artist.get().name}</a>,
    },
    {
      header: 'Album',
      wide: true,
      cell: (track) => <a href={`#/albums/${track.album.id}`}>{track.album.get().title}</a>,
    },
    { header: 'Rating', sort: 'rating', wide: true, cell: (track) => <Stars rating={track.rating} /> },
    { header: 'Duration', sort: 'seconds', align: 'end', cell: (track) => formatDuration(track.seconds) },
    {
      header: 'Actions',
      actions: true,
      cell: (track) => <TrackActions track={track} onEdit={() => onEdit(track)} />,
    },
  ];
}
