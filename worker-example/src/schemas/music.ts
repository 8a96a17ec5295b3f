import * as z from 'zod';
import { FORMATS } from '../../../demo-web/entities.ts';
import { page, partOfName, wholeNumber } from './page.ts';

const name = z.string().trim().min(1).max(160);
const notes = z.string().max(4000).nullable();
const year = z.int().min(1860).max(2200).nullable();
const rating = z.int().min(1).max(5).nullable();
const key = z.int().min(1);
const version = z.int().min(1);

const artist = {
  name,
  country: z.string().max(60).nullable().exactOptional(),
  formed: year.exactOptional(),
  notes: notes.exactOptional(),
};

/** Something by its key, or new. */
const keyOr = <S extends z.ZodType>(fresh: S) => z.union([key, fresh], 'must be a key, or something new');

/** A new artist. */
export const NewArtist = z.strictObject(artist);

/** What is to change of an artist, of the version that was read. */
export const ArtistChange = z.strictObject({ ...artist, name: name.exactOptional(), version });

/** A new label, within the album that it brings. */
const NewLabel = z.strictObject({ name, country: artist.country });

/** A new genre. */
export const NewGenre = z.strictObject({ name });

const NewTrack = z.strictObject({ title: name, seconds: z.int().min(1).max(86_400), rating: rating.exactOptional() });

const album = { title: name, year: year.exactOptional(), rating: rating.exactOptional(), notes: notes.exactOptional() };

/** An album with its tracks in order; what it refers to is named by its key, or comes along new. */
export const NewAlbum = z.strictObject({
  ...album,
  format: z.enum(FORMATS),
  artist: keyOr(NewArtist),
  label: keyOr(NewLabel).nullable().exactOptional(),
  genres: z.array(keyOr(NewGenre)).max(20).default([]),
  tracks: z.array(NewTrack).max(200).default([]),
});

/** What is to change of an album, of the version that was read. */
export const AlbumChange = z.strictObject({
  ...album,
  title: name.exactOptional(),
  format: z.enum(FORMATS).exactOptional(),
  artist: key.exactOptional(),
  label: key.nullable().exactOptional(),
  genres: z.array(key).max(20).exactOptional(),
  version,
});

/** Which albums, and in which order. */
export const AlbumQuery = z.strictObject({
  ...page,
  title: partOfName.exactOptional(),
  genre: name.exactOptional(),
  artist: wholeNumber(1, 999_999_999).exactOptional(),
  format: z.enum(FORMATS).exactOptional(),
  from: wholeNumber(0, 9999).exactOptional(),
  to: wholeNumber(0, 9999).exactOptional(),
  rating: wholeNumber(1, 5).exactOptional(),
  sort: z.enum(['title', '-title', 'year', '-year', 'rating', '-rating', 'addedAt', '-addedAt']).default('title'),
});

/** Which artists or genres, by a part of their name. */
export const NameQuery = z.strictObject({ ...page, name: partOfName.exactOptional() });
