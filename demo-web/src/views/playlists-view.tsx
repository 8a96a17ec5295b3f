import { contains, query, sql } from 'meshestra';
import { useState } from 'preact/hooks';
import { Playlist } from '../../entities.ts';
import { EditDialog } from '../forms/edit-dialog.tsx';
import { playlistForm } from '../forms/named-forms.ts';
import { formatAmount } from '../ui/format.ts';
import { ListPage } from '../ui/list-page.tsx';
import { useListState } from '../ui/list-state.ts';
import { go } from '../ui/route.ts';
import { useLive, useLiveValue } from '../ui/use-live.ts';
import { AddButton } from './albums-view.tsx';

/** All playlists. */
export function PlaylistsView() {
  const state = useListState({ by: 'name', direction: 'asc' });
  const [adding, setAdding] = useState(false);
  const where = state.search === '' ? undefined : { name: contains(state.search) };
  const offset = (state.page - 1) * state.pageSize;
  const playlists = useLive(JSON.stringify([state.search, offset]), () =>
    query(Playlist, where, { orderBy: [{ name: 'asc' }, { id: 'asc' }], limit: state.pageSize, offset }),
  );
  const total = useLiveValue(state.search, ['playlists'], (em) => em.count(Playlist, where));
  const sizes = useLiveValue('sizes', ['playlist_entries', 'playlists'], async (em) => {
    const { rows } = await em.execute(sql`SELECT playlist_id, count(*) FROM playlist_entries GROUP BY playlist_id`);
    return new Map(rows.map(([id, count]) => [Number(id), Number(count)]));
  });
  return (
    <>
      <ListPage
        title="Playlists"
        noun="playlist"
        state={state}
        total={total.rows}
        shown={playlists.rows?.length ?? null}
        loading={playlists.loading}
        error={playlists.error ?? total.error ?? sizes.error}
        actions={<AddButton noun="playlist" onClick={() => setAdding(true)} />}
        empty={<p>No playlists yet.</p>}
      >
        <ul class="card-list">
          {playlists.rows?.map((playlist) => (
            <li key={playlist.id}>
              <a href={`#/playlists/${playlist.id}`} class="card-link">
                <strong>{playlist.name}</strong>
                <span class="muted">
                  {formatAmount(sizes.rows?.get(playlist.id) ?? 0, 'track')}
                  {playlist.description !== null && <> · {playlist.description}</>}
                </span>
              </a>
            </li>
          ))}
        </ul>
      </ListPage>
      {adding && (
        <EditDialog
          spec={playlistForm}
          target={{ initial: { name: null, description: null } }}
          onClose={() => setAdding(false)}
          onSaved={(id) => go(`/playlists/${id}`)}
        />
      )}
    </>
  );
}
