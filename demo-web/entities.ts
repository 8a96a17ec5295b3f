/**
 * The library's entities, in one module because they refer to each other.
 *
 * Artist 1-n Album n-1 Label, Album n-m Genre, Album 1-n Track, Playlist 1-n PlaylistEntry n-1 Track (an explicit
 * pivot, since an entry has a position and a note), Track 1-n Listen.
 *
 * @module
 */
import { datetime, Entity, integer, manyToMany, manyToOne, oneToMany, text } from 'meshestra';

const NAME = { maxLength: 160 };
const NOTES = { maxLength: 4000 };

/** Who made an album. */
export class Artist extends Entity('artists', {
  id: integer().primaryKey().generated(),
  name: text(NAME).index(),
  country: text({ maxLength: 60 }).nullable(),
  formed: integer().nullable(),
  notes: text(NOTES).nullable(),
  /** Set on rows of the generator, so that they can be removed again without touching anybody's own. */
  batch: text().nullable().index(),
  version: integer().version(),
}) {
  albums = oneToMany(
    () => Album,
    (album) => album.artist,
  );
}

/** A record company. */
export class Label extends Entity('labels', {
  id: integer().primaryKey().generated(),
  name: text(NAME).unique(),
  country: text({ maxLength: 60 }).nullable(),
  version: integer().version(),
}) {
  albums = oneToMany(
    () => Album,
    (album) => album.label,
  );
}

/** A style of music. An album has any number of them. */
export class Genre extends Entity('genres', {
  id: integer().primaryKey().generated(),
  name: text(NAME).unique(),
  version: integer().version(),
}) {
  albums = manyToMany(() => Album, { inverse: (album) => album.genres });
}

/** The forms an album comes in. */
export const FORMATS = ['LP', 'CD', 'Cassette', 'Digital', 'Box set'] as const;

/** A release, with its tracks. */
export class Album extends Entity('albums', {
  id: integer().primaryKey().generated(),
  title: text(NAME).index(),
  year: integer().nullable().index(),
  format: text({ values: FORMATS }),
  /** One to five stars, or null for not rated. */
  rating: integer().nullable().index(),
  notes: text(NOTES).nullable(),
  addedAt: datetime().defaultNow().index(),
  version: integer().version(),
}) {
  artist = manyToOne(() => Artist);
  label = manyToOne(() => Label, { nullable: true });
  genres = manyToMany(() => Genre, { through: 'album_genres' });
  tracks = oneToMany(
    () => Track,
    (track) => track.album,
  );
}

/** One piece of an album. */
export class Track extends Entity('tracks', {
  id: integer().primaryKey().generated(),
  title: text(NAME).index(),
  /** Its place on the album, from 1. */
  position: integer(),
  seconds: integer().index(),
  rating: integer().nullable().index(),
  version: integer().version(),
}) {
  album = manyToOne(() => Album);
  entries = oneToMany(
    () => PlaylistEntry,
    (entry) => entry.track,
  );
  listens = oneToMany(
    () => Listen,
    (listen) => listen.track,
  );
}

/** An ordered choice of tracks. */
export class Playlist extends Entity('playlists', {
  id: integer().primaryKey().generated(),
  name: text(NAME).index(),
  description: text(NOTES).nullable(),
  createdAt: datetime().defaultNow(),
  version: integer().version(),
}) {
  entries = oneToMany(
    () => PlaylistEntry,
    (entry) => entry.playlist,
  );
}

/** A track's place in a playlist. The same track may be there twice. */
export class PlaylistEntry extends Entity('playlist_entries', {
  id: integer().primaryKey().generated(),
  /** Orders the entries of one playlist; gaps are allowed. */
  position: integer(),
  note: text(NAME).nullable(),
}) {
  playlist = manyToOne(() => Playlist);
  track = manyToOne(() => Track);
}

/** One time that a track was listened to. */
export class Listen extends Entity('listens', {
  id: integer().primaryKey().generated(),
  listenedAt: datetime().index(),
}) {
  track = manyToOne(() => Track);
}

/** What the persistence object is created with. */
export const ENTITIES = [Artist, Label, Genre, Album, Track, Playlist, PlaylistEntry, Listen] as const;
