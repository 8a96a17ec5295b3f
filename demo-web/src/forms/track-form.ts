import { Album, Track } from '../../entities.ts';
import { formatDuration, parseDuration } from '../ui/format.ts';
import { type FormSpec, numberOrNull, textOf } from './form-spec.ts';

const read = (track: Track) => ({
  title: track.title,
  position: track.position,
  duration: formatDuration(track.seconds),
  rating: track.rating,
});

/** How a track is edited; a new one becomes part of the album with the key `albumId`. */
export function trackForm(albumId: number): FormSpec<Track> {
  return {
    noun: 'track',
    table: 'tracks',
    fields: [
      { name: 'title', label: 'Title', kind: 'text', maxLength: 160, required: true },
      { name: 'position', label: 'Number on the album', kind: 'whole', min: 1, max: 999, required: true },
      {
        name: 'duration',
        label: 'Duration',
        kind: 'duration',
        required: true,
        hint: 'Minutes and seconds, such as 3:45.',
      },
      { name: 'rating', label: 'Rating', kind: 'rating' },
    ],
    name: (values) => textOf(values.title ?? null),
    load: (em, id) => em.findById(Track, id),
    read,
    async write(_em, track, name, value) {
      if (name === 'title') track.title = textOf(value);
      else if (name === 'position') track.position = numberOrNull(value) ?? track.position;
      else if (name === 'duration') track.seconds = parseDuration(textOf(value)) ?? track.seconds;
      else track.rating = numberOrNull(value);
      return [];
    },
    async create(em, values) {
      const album = await em.findById(Album, albumId);
      if (album === null) throw new Error('The album is gone.');
      const entity = em.create(Track, {
        title: textOf(values.title ?? null),
        position: numberOrNull(values.position ?? null) ?? 1,
        seconds: parseDuration(textOf(values.duration ?? null)) ?? 0,
        rating: numberOrNull(values.rating ?? null),
        album,
      });
      return { entity, made: [] };
    },
  };
}
