import { type Loaded, query } from 'meshestra';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Album, Track } from '../../entities.ts';
import { albumForm } from '../forms/album-form.ts';
import { EditDialog } from '../forms/edit-dialog.tsx';
import { trackForm } from '../forms/track-form.ts';
import type { EditTarget } from '../forms/use-edit-form.ts';
import { Cover } from '../ui/cover.tsx';
import { DataTable } from '../ui/data-table.tsx';
import { formatAmount, formatDay, formatDuration } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { Stars } from '../ui/stars.tsx';
import { useLive } from '../ui/use-live.ts';
import { EntityPage } from './entity-page.tsx';
import { RemoveButton } from './remove-button.tsx';
import { TrackActions } from './track-actions.tsx';

type ShownAlbum = Loaded<Album, 'artist' | 'label' | 'genres'>;

/** One album: what it is, what it belongs to, and its tracks. */
export function AlbumView({ id }: { readonly id: number }) {
  const [editing, setEditing] = useState(false);
  const [track, setTrack] = useState<EditTarget | null>(null);
  const albums = useLive(`album ${id}`, () => query(Album, { id }, { populate: ['artist', 'label', 'genres'] }));
  const tracks = useLive(`tracks of ${id}`, () =>
    query(Track, { album: id }, { orderBy: [{ position: 'asc' }, { id: 'asc' }] }),
  );
  const album = albums.rows?.[0];
  const rows = tracks.rows ?? [];
  const addTrack = () => {
    const position = Math.max(0, ...rows.map((one) => one.position)) + 1;
    setTrack({ initial: { title: null, position, duration: null, rating: null } });
  };
  return (
    <EntityPage live={albums} noun="album" back="albums">
      {album && (
        <>
          <AlbumHead album={album} tracks={rows}>
            <wa-button variant="brand" onClick={() => setEditing(true)}>
              <Icon name="edit" slot="start" />
              Edit album
            </wa-button>
            <wa-button appearance="outlined" onClick={addTrack}>
              <Icon name="add" slot="start" />
              Add track
            </wa-button>
            <RemoveButton cls={Album} id={id} what={`album “${album.title}”`} back="/albums" />
          </AlbumHead>
          <AlbumTracks album={album} tracks={tracks.rows} onEdit={(key) => setTrack({ id: key })} />
        </>
      )}
      {editing && <EditDialog spec={albumForm} target={{ id }} onClose={() => setEditing(false)} />}
      {track && <EditDialog spec={trackForm(id)} target={track} onClose={() => setTrack(null)} />}
    </EntityPage>
  );
}

function AlbumHead(props: {
  readonly album: ShownAlbum;
  readonly tracks: readonly Track[];
  readonly children: ComponentChildren;
}) {
  const { album, tracks } = props;
  const seconds = tracks.reduce((sum, track) => sum + track.seconds, 0);
  return (
    <header class="album-head">
      <Cover seed={album.id} size="l" />
      <div class="album-about">
        <p class="kicker">{album.format}</p>
        <PageTitle>{album.title}</PageTitle>
        <AlbumRelations album={album} />
        <p>
          <Stars rating={album.rating} />
        </p>
        {album.notes !== null && <p class="notes">{album.notes}</p>}
        <p class="muted">
          {formatAmount(tracks.length, 'track')}, {formatDuration(seconds)} · added {formatDay(album.addedAt)}
        </p>
        <div class="button-row">{props.children}</div>
      </div>
    </header>
  );
}

function AlbumRelations({ album }: { readonly album: ShownAlbum }) {
  const label = album.label.get();
  return (
    <>
      <p class="album-by">
        <a href={`#/artists/${album.artist.id}`}>{album.artist.get().name}</a>
        {album.year !== null && ` · ${album.year}`}
        {label && (
          <>
            {' · '}
            <a href={`#/albums?label=${label.id}`}>{label.name}</a>
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
    </>
  );
}

function AlbumTracks(props: {
  readonly album: Album;
  readonly tracks: readonly Track[] | null;
  onEdit(id: number): void;
}) {
  const { album, tracks, onEdit } = props;
  if (tracks === null) return null;
  if (tracks.length === 0) return <p class="nothing">No tracks yet.</p>;
  return (
    <DataTable
      label={`Tracks of ${album.title}`}
      rows={tracks}
      columns={[
        { header: 'No.', align: 'end', cell: (track) => track.position },
        { header: 'Title', primary: true, cell: (track) => track.title },
        { header: 'Rating', wide: true, cell: (track) => <Stars rating={track.rating} /> },
        { header: 'Duration', align: 'end', cell: (track) => formatDuration(track.seconds) },
        {
          header: 'Actions',
          actions: true,
          cell: (track) => <TrackActions track={track} onEdit={() => onEdit(track.id)} />,
        },
      ]}
    />
  );
}
