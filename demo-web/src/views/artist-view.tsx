import { query } from 'meshestra';
import { useState } from 'preact/hooks';
import { Album, Artist } from '../../entities.ts';
import { artistForm } from '../forms/artist-form.ts';
import { EditDialog } from '../forms/edit-dialog.tsx';
import { formatAmount } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { useLive } from '../ui/use-live.ts';
import { AlbumGrid } from './album-grid.tsx';
import { NewAlbum } from './albums-view.tsx';
import { EntityPage } from './entity-page.tsx';
import { RemoveButton } from './remove-button.tsx';

/** One artist, with their albums. */
export function ArtistView({ id }: { readonly id: number }) {
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
            <p class="muted">{describe(artist, albums.rows?.length ?? null)}</p>
            {artist.notes !== null && <p class="notes">{artist.notes}</p>}
            <div class="button-row">
              <wa-button variant="brand" onClick={() => setDialog('edit')}>
                <Icon name="edit" slot="start" />
                Edit artist
              </wa-button>
              <wa-button appearance="outlined" onClick={() => setDialog('album')}>
                <Icon name="add" slot="start" />
                Add album
              </wa-button>
              <RemoveButton cls={Artist} id={id} what={`artist “${artist.name}”`} back="/artists" />
            </div>
          </header>
          <AlbumGrid albums={albums.rows ?? []} />
          {dialog === 'edit' && <EditDialog spec={artistForm} target={{ id }} onClose={() => setDialog(null)} />}
          {dialog === 'album' && <NewAlbum artist={artist.name} onClose={() => setDialog(null)} />}
        </>
      )}
    </EntityPage>
  );
}

function describe(artist: Artist, albums: number | null): string {
  const since = artist.formed === null ? null : `since ${artist.formed}`;
  const count = albums === null ? null : formatAmount(albums, 'album');
  return [artist.country, since, count].filter((part) => part !== null).join(' · ');
}
