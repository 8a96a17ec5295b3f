import { contains, type Loaded, query, sql, type Where } from 'meshestra';
import { Listen, type Track } from '../../entities.ts';
import type { Library } from '../data/library.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { formatAmount, formatMoment } from '../ui/format.ts';
import { useLibrary } from '../ui/library-context.ts';
import { ListPage } from '../ui/list-page.tsx';
import { useListState } from '../ui/list-state.ts';
import { useLive, useLiveValue } from '../ui/use-live.ts';
import { removeWithUndo } from './remove.ts';
import { RowButton } from './track-actions.tsx';

type ShownListen = Loaded<Listen, 'track.album.artist'>;

function listenCriteria(search: string): Where<Listen> | undefined {
  if (search === '') return undefined;
  const track: Where<Track> = { title: contains(search) };
  return { track };
}

/** What was listened to and when, newest first, with the artists heard most of late. */
export function ListensView() {
  const library = useLibrary();
  const state = useListState({ by: 'listenedAt', direction: 'desc' });
  const offset = (state.page - 1) * state.pageSize;
  const listens = useLive(JSON.stringify([state.search, state.sort.direction, offset]), () =>
    query(Listen, listenCriteria(state.search), {
      populate: ['track.album.artist'],
      orderBy: [{ listenedAt: state.sort.direction }, { id: state.sort.direction }],
      limit: state.pageSize,
      offset,
    }),
  );
  const total = useLiveValue(state.search, ['listens', 'tracks'], (em) =>
    em.count(Listen, listenCriteria(state.search)),
  );
  return (
    <ListPage
      title="Listening log"
      noun="listen"
      state={state}
      total={total.rows}
      shown={listens.rows?.length ?? null}
      loading={listens.loading}
      error={listens.error ?? total.error}
      empty={
        <p>
          Nothing logged yet. Press the headphones beside a <a href="#/tracks">track</a> when you listen to it.
        </p>
      }
    >
      {state.search === '' && <MostHeard />}
      <DataTable
        label="Listens"
        rows={listens.rows ?? []}
        sort={state.sort}
        onSort={state.setSort}
        columns={listenColumns(library)}
      />
    </ListPage>
  );
}

function listenColumns(library: Library): readonly Column<ShownListen>[] {
  return [
    {
      header: 'Track',
      primary: true,
      cell: (listen) => (
        <>
          {listen.track.get().title}
          <span class="narrow-only row-detail">{listen.track.get().album.get().artist.get().name}</span>
        </>
      ),
    },
    {
      header: 'Artist',
      wide: true,
      cell: (listen) => {
        const artist = listen.track.get().album.get().artist.get();
        return <a href={`#/artists/${artist.id}`}>{artist.name}</a>;
      },
    },
    { header: 'When', sort: 'listenedAt', cell: (listen) => formatMoment(listen.listenedAt) },
    {
      header: 'Actions',
      actions: true,
      cell: (listen) => (
        <div class="row-actions">
          <RowButton
            icon="delete"
            label={`Remove this listen of ${listen.track.get().title}`}
            onClick={() => void removeWithUndo(library, Listen, listen.id, `listen of “${listen.track.get().title}”`)}
          />
        </div>
      ),
    },
  ];
}

/** The artists heard most, as bars; raw SQL, because it is a report and not a graph of entities. */
function MostHeard() {
  const top = useLiveValue('most heard', ['listens', 'tracks', 'albums', 'artists'], async (em) => {
    const { rows } = await em.execute(sql`
      SELECT artists.id, artists.name, count(*) AS heard
      FROM (SELECT track_id FROM listens ORDER BY listened_at DESC LIMIT 1000) AS recent
      JOIN tracks ON tracks.id = recent.track_id
      JOIN albums ON albums.id = tracks.album_id
      JOIN artists ON artists.id = albums.artist_id
      GROUP BY artists.id ORDER BY heard DESC, artists.name LIMIT 5`);
    return rows.map(([id, name, heard]) => ({ id: Number(id), name: String(name), heard: Number(heard) }));
  });
  const most = top.rows?.[0]?.heard ?? 1;
  return (
    <section class="most-heard" aria-labelledby="most-heard">
      <h2 id="most-heard">Heard most of late</h2>
      <ol>
        {top.rows?.map((artist) => (
          <li key={artist.id}>
            <a href={`#/artists/${artist.id}`}>{artist.name}</a>
            <span class="bar" style={{ inlineSize: `${(artist.heard / most) * 100}%` }} aria-hidden="true" />
            <span class="muted">{formatAmount(artist.heard, 'listen')}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
