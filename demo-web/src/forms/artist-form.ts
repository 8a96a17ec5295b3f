import { Artist } from '../../entities.ts';
import { type FormSpec, numberOrNull, textOf, textOrNull } from './form-spec.ts';

/** How an artist is edited. */
export const artistForm: FormSpec<Artist> = {
  noun: 'artist',
  table: 'artists',
  fields: [
    { name: 'name', label: 'Name', kind: 'text', maxLength: 160, required: true },
    { name: 'country', label: 'Country', kind: 'text', maxLength: 60 },
    { name: 'formed', label: 'Active since', kind: 'year' },
    { name: 'notes', label: 'Notes', kind: 'notes', maxLength: 4000 },
  ],
  name: (values) => textOf(values.name ?? null),
  load: (em, id) => em.findById(Artist, id),
  read: ({ name, country, formed, notes }) => ({ name, country, formed, notes }),
  async write(_em, artist, name, value) {
    if (name === 'name') artist.name = textOf(value);
    else if (name === 'country') artist.country = textOrNull(value);
    else if (name === 'formed') artist.formed = numberOrNull(value);
    else artist.notes = textOrNull(value);
    return [];
  },
  async create(em, values) {
    const entity = em.create(Artist, {
      name: textOf(values.name ?? null),
      country: textOrNull(values.country ?? null),
      formed: numberOrNull(values.formed ?? null),
      notes: textOrNull(values.notes ?? null),
    });
    return { entity, made: [] };
  },
};
