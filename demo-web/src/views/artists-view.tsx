import { contains, query, sql } from 'meshestra';
import { useState } from 'preact/hooks';
import { Artist } from '../../entities.ts';
import { artistForm } from '../forms/artist-form.ts';
import { EditDialog } from '../forms/edit-dialog.tsx';
import type { EditTarget } from '../forms/use-edit-form.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { ListPage } from '../ui/list-page.tsx';
import { useListState } from '../ui/list-state.ts';
import { go } from '../ui/route.ts';
import { type Live, useLive, useLiveValue } from '../ui/use-live.ts';
import { AddButton } from './albums-view.tsx';
import { EditRemoveButtons } from './edit-remove-buttons.tsx';

const COLUMNS = { name: 'name', country: 'country', formed: 'formed' } as const;

const NEW = { name: null, country: null, formed: null, notes: null };

/** All artists. */
export function ArtistsView() {
  const state = useListState({ by: 'name', direction: 'asc' });
  const [editing, setEditing] = useState<EditTarget | null>(null);
  const where = state.search === '' ? undefined : { name: contains(state.search) };
  const by = COLUMNS[state.sort.by as keyof typeof COLUMNS] ?? 'name';
  const offset = (state.page - 1) * state.pageSize;
  const artists = useLive(JSON.stringify([state.search, by, state.sort.direction, offset]), () =>
    query(Artist, where, { orderBy: [{ [by]: state.sort.direction }, { id: 'asc' }], limit: state.pageSize, offset }),
  );
  const total = useLiveValue(state.search, ['artists'], (em) => em.count(Artist, where));
  const albums = useAlbumCounts(artists.rows?.map((artist) => artist.id) ?? []);
  return (
    <>
      <ListPage
        title="Artists"
        noun="artist"
        state={state}
        total={total.rows}
        shown={artists.rows?.length ?? null}
        loading={artists.loading}
        error={artists.error ?? total.error ?? albums.error}
        actions={<AddButton noun="artist" onClick={() => setEditing({ initial: NEW })} />}
        empty={<p>No artists yet. An album brings its artist along.</p>}
      >
        <DataTable
          label="Artists"
          rows={artists.rows ?? []}
          sort={state.sort}
          onSort={state.setSort}
          columns={artistColumns(albums.rows, (id) => setEditing({ id }))}
        />
      </ListPage>
      {editing && (
        <EditDialog
          spec={artistForm}
          target={editing}
          onClose={() => setEditing(null)}
          {...('initial' in editing ? { onSaved: (id: number) => go(`/artists/${id}`) } : {})}
        />
      )}
    </>
  );
}

/** How many albums each of the shown artists has: one statement for the page, not one for each row. */
function useAlbumCounts(ids: readonly number[]): Live<ReadonlyMap<number, number>> {
  return useLiveValue(`albums ${ids.join()}`, ['albums'], async (em) => {
    if (ids.length === 0) return new Map();
    const { rows } = await em.execute(
      sql`SELECT artist_id, count(*) FROM albums WHERE artist_id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) GROUP BY artist_id`,
    );
    return new Map(rows.map(([id, count]) => [Number(id), Number(count)]));
  });
}

function artistColumns(
  albums: ReadonlyMap<number, number> | null,
  onEdit: (id: number) => void,
): readonly Column<Artist>[] {
  return [
    {
      header: 'Name',
      sort: 'name',
      primary: true,
      cell: (artist) => <a href={`#/artists/${artist.id}`}>{artist.name}</a>,
    },
    { header: 'Country', sort: 'country', wide: true, cell: (artist) => artist.country ?? '' },
    { header: 'Since', sort: 'formed', align: 'end', wide: true, cell: (artist) => artist.formed ?? '' },
    { header: 'Albums', align: 'end', cell: (artist) => albums && (albums.get(artist.id) ?? 0) },
    {
      header: 'Actions',
      actions: true,
      cell: (artist) => (
        <EditRemoveButtons
          cls={Artist}
          id={artist.id}
          noun="artist"
          name={artist.name}
          onEdit={() => onEdit(artist.id)}
        />
      ),
    },
  ];
}
