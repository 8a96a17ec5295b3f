import { contains, type EntityClass, query, sql, type Where } from 'meshestra';
import { useState } from 'preact/hooks';
import { Genre, Label } from '../../entities.ts';
import { EditDialog } from '../forms/edit-dialog.tsx';
import type { FormSpec } from '../forms/form-spec.ts';
import { genreForm, labelForm } from '../forms/named-forms.ts';
import type { EditTarget } from '../forms/use-edit-form.ts';
import { DataTable } from '../ui/data-table.tsx';
import { ListPage } from '../ui/list-page.tsx';
import { useListState } from '../ui/list-state.ts';
import { type Live, useLive, useLiveValue } from '../ui/use-live.ts';
import { AddButton } from './albums-view.tsx';
import { EditRemoveButtons } from './edit-remove-buttons.tsx';

/** All genres. */
export function GenresView() {
  const counts = useCounts('album_genres', () => sql`SELECT genres_id, count(*) FROM album_genres GROUP BY genres_id`);
  return <CatalogueView title="Genres" cls={Genre} spec={genreForm} parameter="genre" counts={counts} />;
}

/** All labels. */
export function LabelsView() {
  const counts = useCounts(
    'albums',
    () => sql`SELECT label_id, count(*) FROM albums WHERE label_id IS NOT NULL GROUP BY label_id`,
  );
  return <CatalogueView title="Labels" cls={Label} spec={labelForm} parameter="label" counts={counts} />;
}

function useCounts(table: string, statement: () => ReturnType<typeof sql>): Live<ReadonlyMap<number, number>> {
  return useLiveValue(`counts ${table}`, [table, 'genres', 'labels'], async (em) => {
    const { rows } = await em.execute(statement());
    return new Map(rows.map(([id, count]) => [Number(id), Number(count)]));
  });
}

type Named = Genre | Label;

interface CatalogueProps<T extends Named> {
  readonly title: string;
  readonly cls: EntityClass<T>;
  readonly spec: FormSpec<T>;
  /** What narrows the list of albums, in the address. */
  readonly parameter: string;
  readonly counts: Live<ReadonlyMap<number, number>>;
}

/** A list of named things that albums have, each with its number of albums. */
function CatalogueView<T extends Named>(props: CatalogueProps<T>) {
  const { title, spec, parameter, counts } = props;
  // Both have a name and a key, which is all that is asked of them here.
  const cls = props.cls as EntityClass<Named> as EntityClass<Genre>;
  const state = useListState({ by: 'name', direction: 'asc' });
  const [editing, setEditing] = useState<EditTarget | null>(null);
  const where: Where<Genre> | undefined = state.search === '' ? undefined : { name: contains(state.search) };
  const offset = (state.page - 1) * state.pageSize;
  const items = useLive(JSON.stringify([parameter, state.search, state.sort.direction, offset]), () =>
    query(cls, where, { orderBy: { name: state.sort.direction }, limit: state.pageSize, offset }),
  );
  const total = useLiveValue(`${parameter} ${state.search}`, [spec.table], (em) => em.count(cls, where));
  const empty = Object.fromEntries(spec.fields.map((field) => [field.name, null]));
  return (
    <>
      <ListPage
        title={title}
        noun={spec.noun}
        state={state}
        total={total.rows}
        shown={items.rows?.length ?? null}
        loading={items.loading}
        error={items.error ?? total.error ?? counts.error}
        actions={<AddButton noun={spec.noun} onClick={() => setEditing({ initial: empty })} />}
        empty={<p>No {spec.noun}s yet.</p>}
      >
        <DataTable
          label={title}
          rows={items.rows ?? []}
          sort={state.sort}
          onSort={state.setSort}
          columns={[
            {
              header: 'Name',
              sort: 'name',
              primary: true,
              cell: (item) => <a href={`#/albums?${parameter}=${item.id}`}>{item.name}</a>,
            },
            { header: 'Albums', align: 'end', cell: (item) => counts.rows && (counts.rows.get(item.id) ?? 0) },
            {
              header: 'Actions',
              actions: true,
              cell: (item) => (
                <EditRemoveButtons
                  cls={cls}
                  id={item.id}
                  noun={spec.noun}
                  name={item.name}
                  onEdit={() => setEditing({ id: item.id })}
                />
              ),
            },
          ]}
        />
      </ListPage>
      {editing && <EditDialog spec={spec} target={editing} onClose={() => setEditing(null)} />}
    </>
  );
}
