import { Genre, Label, Playlist } from '../../entities.ts';
import { type FormSpec, textOf, textOrNull } from './form-spec.ts';

/** How a label is edited. */
export const labelForm: FormSpec<Label> = {
  noun: 'label',
  table: 'labels',
  fields: [
    { name: 'name', label: 'Name', kind: 'text', maxLength: 160, required: true },
    { name: 'country', label: 'Country', kind: 'text', maxLength: 60 },
  ],
  name: (values) => textOf(values.name ?? null),
  load: (em, id) => em.findById(Label, id),
  read: ({ name, country }) => ({ name, country }),
  async write(_em, label, name, value) {
    if (name === 'name') label.name = textOf(value);
    else label.country = textOrNull(value);
    return [];
  },
  async create(em, values) {
    const country = textOrNull(values.country ?? null);
    return { entity: em.create(Label, { name: textOf(values.name ?? null), country }), made: [] };
  },
};

/** How a genre is edited. */
export const genreForm: FormSpec<Genre> = {
  noun: 'genre',
  table: 'genres',
  fields: [{ name: 'name', label: 'Name', kind: 'text', maxLength: 160, required: true }],
  name: (values) => textOf(values.name ?? null),
  load: (em, id) => em.findById(Genre, id),
  read: ({ name }) => ({ name }),
  async write(_em, genre, _name, value) {
    genre.name = textOf(value);
    return [];
  },
  async create(em, values) {
    return { entity: em.create(Genre, { name: textOf(values.name ?? null) }), made: [] };
  },
};

/** How a playlist itself is edited; its entries have controls of their own. */
export const playlistForm: FormSpec<Playlist> = {
  noun: 'playlist',
  table: 'playlists',
  fields: [
    { name: 'name', label: 'Name', kind: 'text', maxLength: 160, required: true },
    { name: 'description', label: 'Description', kind: 'notes', maxLength: 4000 },
  ],
  name: (values) => textOf(values.name ?? null),
  load: (em, id) => em.findById(Playlist, id),
  read: ({ name, description }) => ({ name, description }),
  async write(_em, playlist, name, value) {
    if (name === 'name') playlist.name = textOf(value);
    else playlist.description = textOrNull(value);
    return [];
  },
  async create(em, values) {
    const description = textOrNull(values.description ?? null);
    return { entity: em.create(Playlist, { name: textOf(values.name ?? null), description }), made: [] };
  },
};
