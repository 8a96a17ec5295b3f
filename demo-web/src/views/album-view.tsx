import { query } from 'meshestra';
import { useState } from 'preact/hooks';
import { Album, Track } from '../entities/library.ts';
import { albumForm } from '../forms/album-form.ts';
import { EditDialog, type EditTarget } from '../forms/edit-dialog.tsx';
import { trackForm } from '../forms/track-form.ts';
import { Cover } from '../ui/cover.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { formatAmount, formatDay, formatDuration } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { useLibrary } from '../ui/library-context.ts';
import { PageTitle } from '../ui/page-title.tsx';
import { go } from '../ui/route.ts';
import { Stars } from '../ui/stars.tsx';
import { useLive } from '../ui/use-live.ts';
import { EntityPage } from './entity-page.tsx';
import { removeWithUndo } from './remove.ts';
import { TrackActions } from './track-actions.tsx';

/** One album: what it is, what it belongs to, and its tracks. */
export function AlbumView({ id }: { readonly id: number }) {
  const library = useLibrary();
  const [editing, setEditing] = useState(false);
  const [track, setTrack] = useState<EditTarget | null>(null);
  const albums = useLive(`album ${id}`, () => query(Album, { id }, { populate: ['artist', 'label', 'genres'] }));
  const tracks = useLive(`tracks of ${id}`, () =>
    query(Track, { album: id }, { orderBy: [{ position: 'asc' }, { id: 'asc' }] }),
  );
  const album = albums.rows?.[0];
  const next = Math.max(0, ...(tracks.rows?.map((one) => one.position) ?? [])) + 1;
  return (
    <EntityPage live={albums} noun="album" back="albums">
      {album && (
        <>
          <header class="album-head">
            <Cover seed={album.id} size="l" />
            <div class="album-about">
              <p class="kicker">{album.format}</p>
              <PageTitle>{album.title}</PageTitle>
              <p class="album-by">
                <a href={`#/artists/${album.artist.id}`}>{album.artist.get().name}</a>
                {album.year !== null && <> · {album.year}</>}
                {album.label.get() && (
                  <>
                    {' '}
                    · <a href={`#/albums?label=${album.label.id}`}>{album.label.get()?.name}</a>
                  </>
                )}
              </p>
              <p class="tags">
                {album.genres.toArray().map((genre) => (
                  <a key={genre.id} class="tag-link" href={`#/albums?genre=${genre.id}`}>
                    <wa-tag size="s" pill>
                      {genre.name}
                    </wa-tag>
                  </a>
                ))}
              </p>
              <p>
                <Stars rating={album.rating} />
              </p>
              {album.notes !== null && <p class="notes">{album.notes}</p>}
              <p class="muted">
                {tracks.rows &&
                  `${formatAmount(tracks.rows.length, 'track')}, ${formatDuration(tracks.rows.reduce((sum, one) => sum + one.seconds, 0))}`}
                {' · '}added {formatDay(album.addedAt)}
              </p>
              <div class="button-row">
                <wa-button variant="brand" class="edit" onClick={() => setEditing(true)}>
                  <Icon name="edit" slot="start" />
                  Edit album
                </wa-button>
                <wa-button
                  appearance="outlined"
                  class="add-track"
                  onClick={() => setTrack({ initial: { title: null, position: next, duration: null, rating: null } })}
                >
                  <Icon name="add" slot="start" />
                  Add track
                </wa-button>
                <wa-button
                  appearance="outlined"
                  variant="danger"
                  class="remove"
                  onClick={() =>
                    void removeWithUndo(library, Album, id, `album “${album.title}”`).then(
                      (gone) => gone && go('/albums'),
                    )
                  }
                >
                  <Icon name="delete" slot="start" />
                  Remove
                </wa-button>
              </div>
            </div>
          </header>
          {tracks.rows && tracks.rows.length > 0 ? (
            <DataTable
              label={`Tracks of ${album.title}`}
              rows={tracks.rows}
              columns={[
                { header: 'No.', align: 'end', cell: (one) => one.position },
                { header: 'Title', primary: true, cell: (one) => one.title },
                { header: 'Rating', wide: true, cell: (one) => <Stars rating={one.rating} /> },
                { header: 'Duration', align: 'end', cell: (one) => formatDuration(one.seconds) },
                {
                  header: 'Actions',
                  actions: true,
                  cell: (one) => <TrackActions track={one} onEdit={() => setTrack({ id: one.id })} />,
                },
              ]}
            />
          ) : (
            <p class="nothing">No tracks yet.</p>
          )}
        </>
      )}
      {editing && <EditDialog spec={albumForm} target={{ id }} onClose={() => setEditing(false)} />}
      {track && <EditDialog spec={trackForm(id)} target={track} onClose={() => setTrack(null)} />}
    </EntityPage>
  );
}
