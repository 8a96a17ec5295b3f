import { sql } from 'meshestra';
import { useState } from 'preact/hooks';
import type { Library } from '../data/library.ts';
import { timed } from '../data/save.ts';
import { forgetAll } from '../data/undo-history.ts';
import { useLibrary } from '../ui/library-context.ts';
import { notify } from '../ui/notify.ts';
import { Problem } from '../ui/problem.tsx';
import { loadSample } from './welcome.tsx';

// Whoever refers to somebody else goes first.
async function clearLibrary(library: Library): Promise<void> {
  await timed('Clear the library', () =>
    library.transaction(async (tx) => {
      await tx.execute(sql`DELETE FROM listens`);
      await tx.execute(sql`DELETE FROM playlist_entries`);
      await tx.execute(sql`DELETE FROM playlists`);
      await tx.execute(sql`DELETE FROM tracks`);
      await tx.execute(sql`DELETE FROM album_genres`);
      await tx.execute(sql`DELETE FROM albums`);
      await tx.execute(sql`DELETE FROM artists`);
      await tx.execute(sql`DELETE FROM labels`);
      await tx.execute(sql`DELETE FROM genres`);
    }),
  );
  forgetAll();
}

/** Starting over, and the sample library. */
export function DangerSection() {
  const library = useLibrary();
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const clear = async () => {
    setAsking(false);
    try {
      await clearLibrary(library);
      notify('Your library is empty now.');
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <section class="panel" aria-labelledby="start-over-title">
      <h2 id="start-over-title">Start over</h2>
      <p>The sample library adds eight invented artists with their albums, two playlists and some listens.</p>
      {error !== null && <Problem error={error} />}
      <div class="button-row">
        <wa-button appearance="outlined" class="load-sample" onClick={() => void loadSample(library)}>
          Load the sample library
        </wa-button>
        <wa-button variant="danger" appearance="outlined" class="clear" onClick={() => setAsking(true)}>
          Clear everything
        </wa-button>
      </div>
      {asking && (
        <wa-dialog
          label="Clear your whole library?"
          open
          onwa-after-hide={(event) => event.target === event.currentTarget && setAsking(false)}
        >
          <p>Every artist, album, track, playlist and listen is removed, in every open tab. This cannot be undone.</p>
          <div slot="footer" class="dialog-actions">
            <wa-button appearance="outlined" onClick={() => setAsking(false)}>
              Keep it
            </wa-button>
            <wa-button variant="danger" class="clear-now" onClick={() => void clear()}>
              Clear everything
            </wa-button>
          </div>
        </wa-dialog>
      )}
    </section>
  );
}
