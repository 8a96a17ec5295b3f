import { query } from 'meshestra';
import { useState } from 'preact/hooks';
import { Playlist, PlaylistEntry, Track } from '../../entities.ts';
import type { Library } from '../data/library.ts';
import { save } from '../data/save.ts';
import { remember } from '../data/undo-history.ts';
import { useLibrary } from '../ui/library-context.ts';
import { Problem } from '../ui/problem.tsx';
import { undoable } from '../ui/undo-actions.ts';
import { useLive } from '../ui/use-live.ts';

/** Puts a track at the end of a playlist; resolves with the playlist's name, or null where one of them is gone. */
async function addEntry(library: Library, playlistId: number, trackId: number): Promise<string | null> {
  const em = library.em();
  const playlist = await em.findById(Playlist, playlistId);
  const track = await em.findById(Track, trackId);
  if (playlist === null || track === null) return null;
  const [last] = await em.find(PlaylistEntry, { playlist }, { orderBy: { position: 'desc' }, limit: 1 });
  const entry = em.create(PlaylistEntry, { position: (last?.position ?? 0) + 1, playlist, track });
  await save(em, 'Add to playlist');
  const { id } = entry;
  remember({
    label: `“${track.title}” in “${playlist.name}”`,
    inverse: async (undoing) => {
      const now = await undoing.findById(PlaylistEntry, id);
      if (now) undoing.remove(now);
    },
  });
  return playlist.name;
}

/** Lets the user choose the playlist that a track is added to. */
export function AddToPlaylist(props: { readonly trackId: number; readonly title: string; onClose(): void }) {
  const library = useLibrary();
  const playlists = useLive('playlists', () => query(Playlist, undefined, { orderBy: { name: 'asc' } }));
  const [error, setError] = useState<unknown>(null);
  const add = async (id: number) => {
    try {
      const name = await addEntry(library, id, props.trackId);
      if (name !== null) undoable(library, `Added “${props.title}” to “${name}”.`);
      props.onClose();
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <wa-dialog
      class="choose-playlist"
      label={`Add “${props.title}” to a playlist`}
      open
      onwa-after-hide={(event) => event.target === event.currentTarget && props.onClose()}
    >
      {error !== null && <Problem error={error} />}
      {playlists.rows?.length === 0 && (
        <p>
          There is no playlist yet. <a href="#/playlists">Make one first</a>.
        </p>
      )}
      <ul class="choices">
        {playlists.rows?.map((playlist) => (
          <li key={playlist.id}>
            <wa-button appearance="outlined" onClick={() => void add(playlist.id)}>
              {playlist.name}
            </wa-button>
          </li>
        ))}
      </ul>
    </wa-dialog>
  );
}
