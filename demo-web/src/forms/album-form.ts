import { type EntityManager, isIn, type Loaded } from 'meshestra';
import { Album, FORMATS, Genre } from '../../entities.ts';
import { artistByName, labelByName, suggestArtists, suggestLabels } from './by-name.ts';
import { type FieldValue, type FormSpec, numberOrNull, textOf, textOrNull } from './form-spec.ts';

type EditableAlbum = Loaded<Album, 'artist' | 'label' | 'genres'>;

async function genresOf(em: EntityManager, value: FieldValue): Promise<Genre[]> {
  const ids = Array.isArray(value) ? value.map(Number) : [];
  return ids.length === 0 ? [] : em.find(Genre, { id: isIn(ids) });
}

async function genreOptions(em: EntityManager): Promise<ReadonlyMap<string, string>> {
  const genres = await em.find(Genre, undefined, { orderBy: { name: 'asc' } });
  return new Map(genres.map((genre) => [String(genre.id), genre.name]));
}

function formatOf(value: FieldValue): Album['format'] {
  return FORMATS.find((format) => format === value) ?? 'LP';
}

/** How an album is edited. An artist or label that is not there yet is made with it. */
export const albumForm: FormSpec<EditableAlbum> = {
  noun: 'album',
  table: 'albums',
  fields: [
    { name: 'title', label: 'Title', kind: 'text', maxLength: 160, required: true },
    {
      name: 'artist',
      label: 'Artist',
      kind: 'one',
      suggest: suggestArtists,
      required: true,
      hint: 'A new name adds a new artist.',
    },
    { name: 'year', label: 'Year', kind: 'year' },
    { name: 'format', label: 'Format', kind: 'choice', options: FORMATS },
    { name: 'label', label: 'Label', kind: 'one', suggest: suggestLabels, hint: 'A new name adds a new label.' },
    { name: 'genres', label: 'Genres', kind: 'many', options: genreOptions },
    { name: 'rating', label: 'Rating', kind: 'rating' },
    { name: 'notes', label: 'Notes', kind: 'notes', maxLength: 4000 },
  ],
  name: (values) => textOf(values.title ?? null),
  load: async (em, id) => em.findOne(Album, { id }, { populate: ['artist', 'label', 'genres'] }),
  read: (album) => ({
    title: album.title,
    artist: album.artist.get().name,
    year: album.year,
    format: album.format,
    label: album.label.get()?.name ?? null,
    genres: album.genres
      .toArray()
      .map((genre) => String(genre.id))
      .sort(),
    rating: album.rating,
    notes: album.notes,
  }),
  async write(em, album, name, value) {
    if (name === 'artist') {
      const { entity, made } = await artistByName(em, textOf(value));
      album.artist.set(entity);
      return made;
    }
    if (name === 'label') {
      const label = textOrNull(value);
      const found = label === null ? null : await labelByName(em, label);
      album.label.set(found?.entity ?? null);
      return found?.made ?? [];
    }
    if (name === 'genres') album.genres.set(await genresOf(em, value));
    else if (name === 'title') album.title = textOf(value);
    else if (name === 'year') album.year = numberOrNull(value);
    else if (name === 'format') album.format = formatOf(value);
    else if (name === 'rating') album.rating = numberOrNull(value);
    else album.notes = textOrNull(value);
    return [];
  },
  async create(em, values) {
    const artist = await artistByName(em, textOf(values.artist ?? null));
    const labelName = textOrNull(values.label ?? null);
    const label = labelName === null ? null : await labelByName(em, labelName);
    const entity = em.create(Album, {
      title: textOf(values.title ?? null),
      year: numberOrNull(values.year ?? null),
      format: formatOf(values.format ?? null),
      rating: numberOrNull(values.rating ?? null),
      notes: textOrNull(values.notes ?? null),
      artist: artist.entity,
      label: label?.entity ?? null,
      genres: await genresOf(em, values.genres ?? null),
    });
    return { entity: entity as EditableAlbum, made: [...artist.made, ...(label?.made ?? [])] };
  },
};
