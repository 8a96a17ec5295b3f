/** A whole number from 0 up to, not including, `limit`. */
export type Random = (limit: number) => number;

/** A random source that repeats itself for the same seed (mulberry32). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

const COLOURS =
  'Amber Azure Black Cobalt Copper Crimson Emerald Golden Grey Indigo Ivory Pale Scarlet Silver Violet White'.split(
    ' ',
  );
const THINGS =
  'Arcade Atlas Avenue Beacon Bridge Canyon Cathedral Circuit Comet Desert Echo Engine Feather Garden Harbour Horizon Lantern Machine Meadow Mirror Monsoon Orchard Paper Parade Radio River Satellite Shadow Signal Station Summer Tide Velvet Window Winter'.split(
    ' ',
  );
const ACTIONS =
  'Falling Waiting Running Sleeping Burning Drifting Leaving Turning Calling Counting Breathing Chasing'.split(' ');
const GIVEN =
  'Ada Bruno Chidi Dora Emil Farah Goran Hana Ines Jonas Kemi Lena Mateo Nora Omar Priya Rosa Sami Tove Yuki'.split(
    ' ',
  );
const FAMILY =
  'Abara Bergström Castillo Dubois Eriksen Fontana Haddad Ivanova Kowalski Larsen Moreau Nakamura Okafor Petrov Rossi Silva'.split(
    ' ',
  );

const pick = (words: readonly string[], random: Random): string => words[random(words.length)] ?? '';

/** A name for an artist. */
export function makeArtistName(random: Random): string {
  if (random(3) === 0) return `${pick(GIVEN, random)} ${pick(FAMILY, random)}`;
  return random(2) === 0
    ? `The ${pick(COLOURS, random)} ${pick(THINGS, random)}s`
    : `${pick(THINGS, random)} ${pick(THINGS, random)}`;
}

/** A title for an album. */
export function makeAlbumTitle(random: Random): string {
  const forms = [
    () => `${pick(COLOURS, random)} ${pick(THINGS, random)}`,
    () => `${pick(ACTIONS, random)} ${pick(THINGS, random)}s`,
    () => `The ${pick(THINGS, random)} Sessions`,
    () => `${pick(THINGS, random)} of ${pick(THINGS, random)}s`,
  ];
  return forms[random(forms.length)]?.() ?? '';
}

/** A title for a track. */
export function makeTrackTitle(random: Random): string {
  const forms = [
    () => `${pick(ACTIONS, random)} for ${pick(GIVEN, random)}`,
    () => `${pick(COLOURS, random)} ${pick(THINGS, random)}`,
    () => `${pick(ACTIONS, random)} the ${pick(THINGS, random)}`,
    () => `${pick(THINGS, random)} No. ${1 + random(99)}`,
  ];
  return forms[random(forms.length)]?.() ?? '';
}
