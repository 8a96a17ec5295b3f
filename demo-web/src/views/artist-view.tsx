import { query } from 'meshestra';
import { useState } from 'preact/hooks';
import { Album, Artist } from '../entities/library.ts';
import { artistForm } from '../forms/artist-form.ts';
import { EditDialog } from '../forms/edit-dialog.tsx';
import { Cover } from '../ui/cover.tsx';
import { formatAmount } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { useLibrary } from '../ui/library-context.ts';
import { PageTitle } from '../ui/page-title.tsx';
import { go } from '../ui/route.ts';
import { Stars } from '../ui/stars.tsx';
import { useLive } from '../ui/use-live.ts';
import { NewAlbum } from './albums-view.tsx';
import { EntityPage } from './entity-page.tsx';
import { removeWithUndo } from './remove.ts';

/** One artist, with their albums. */
export function ArtistView({ id }: { readonly id: number }) {
  const library = useLibrary();
  const [dialog, setDialog] = useState<'edit' | 'album' | null>(null);
  const artists = useLive(`artist ${id}`, () => query(Artist, { id }));
  const albums = useLive(`albums of ${id}`, () =>
    query(Album, { artist: id }, { orderBy: [{ year: 'asc' }, { id: 'asc' }] }),
  );
  const artist = artists.rows?.[0];
  return (
    <EntityPage live={artists} noun="artist" back="artists">
      {artist && (
        <>
          <header class="entity-head">
            <p class="kicker">Artist</p>
            <PageTitle>{artist.name}</PageTitle>
            <p class="muted">
              {[
                artist.country,
                artist.formed && `since ${artist.formed}`,
                albums.rows && formatAmount(albums.rows.length, 'album'),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
            {artist.notes !== null && <p class="notes">{artist.notes}</p>}
            <div class="button-row">
              <wa-button variant="brand" class="edit" onClick={() => setDialog('edit')}>
                <Icon name="edit" slot="start" />
                Edit artist
              </wa-button>
              <wa-button appearance="outlined" onClick={() => setDialog('album')}>
                <Icon name="add" slot="start" />
                Add album
              </wa-button>
              <wa-button
                appearance="outlined"
                variant="danger"
                onClick={() =>
                  void removeWithUndo(library, Artist, id, `artist “${artist.name}”`).then(
                    (gone) => gone && go('/artists'),
                  )
                }
              >
                <Icon name="delete" slot="start" />
                Remove
              </wa-button>
            </div>
          </header>
          <ul class="album-grid">
            {albums.rows?.map((album) => (
              <li key={album.id} class="album-card">
                <a href={`#/albums/${album.id}`} class="album-link">
                  <Cover seed={album.id} />
                  <span class="album-title">{album.title}</span>
                </a>
                <span class="album-meta">
                  {album.year ?? ''} <Stars rating={album.rating} />
                </span>
              </li>
            ))}
          </ul>
          {dialog === 'edit' && <EditDialog spec={artistForm} target={{ id }} onClose={() => setDialog(null)} />}
          {dialog === 'album' && <NewAlbum artist={artist.name} onClose={() => setDialog(null)} />}
        </>
      )}
    </EntityPage>
  );
}
