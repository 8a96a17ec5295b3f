import type { EntityManager } from 'meshestra';
import { Album, Artist, Genre, Label, Listen, Playlist, PlaylistEntry, Track } from '../../entities.ts';
import { parseDuration } from '../ui/format.ts';

// Invented music. `#` artist | country | formed; `-` album | year | format | label | genres | rating; then its tracks.
const SAMPLE = `
# Halcyon Drift | Iceland | 2009
- Tidewater Hymns | 2014 | LP | Northlight | Ambient, Post-rock | 5
Saltmarsh 6:12; The Long Exposure 8:40; Ferry Lights 5:03; Undertow Choir 9:27; Harbour at Four 4:18
- Blue Hour Archive | 2019 | Digital | Northlight | Ambient | 4
First Frost 3:51; Paper Lanterns 5:36; Blue Hour 7:05; Slow Telegraph 6:44; Leaving Reykholt 10:12
# The Copper Accord | United Kingdom | 1998
- Engines and Orchards | 2001 | CD | Foundry Lane | Indie rock | 4
Turnpike 3:22; Orchard Street 4:05; Copper Wire 2:58; Ballad of the Night Bus 5:11; Reservoir 3:47; Allotment 4:30
- Second Gear | 2004 | CD | Foundry Lane | Indie rock, Folk | 3
Second Gear 3:09; Handbrake 2:41; Lay-by Lovers 4:26; Services 3:33; Roundabout 6:02
# Maya Okonjo Quintet | Nigeria | 1987
- Live at the Lantern | 1991 | LP | Blue Kiosk | Jazz | 5
Lagos Nocturne 11:20; Palm and Ember 8:03; Question for Monk 9:41; The Lantern 12:36
- Seven Rivers | 1996 | LP | Blue Kiosk | Jazz, Afrobeat | 5
Ogun 7:14; Benue 6:32; Anambra 8:20; Cross River 5:59; Imo 7:48; Kaduna 9:05; Sokoto 6:40
# Vesper Static | Germany | 2011
- Signal / Noise | 2013 | Digital | Nachtzug | Electronic, Techno | 4
Carrier 5:30; Handshake 6:45; Packet Loss 4:52; Nachtzug 7:33; Parity 5:14
- Cathode Gardens | 2017 | LP | Nachtzug | Electronic | 5
Warm Up 2:20; Cathode Gardens 6:18; Phosphor 5:55; Interlace 4:44; Degauss 3:30; Afterglow 8:01
# Estrella y Polvo | Mexico | 2005
- Carretera | 2008 | CD | Sol Bajo | Folk, Latin | 4
Kilómetro Cero 3:40; Polvo 4:12; La Radio del Camión 3:55; Gasolinera 2:48; Estrella Tardía 5:27
# Ada Lindqvist | Sweden | 2015
- Letters to a Lighthouse | 2018 | LP | Northlight | Folk, Singer-songwriter | 5
Dear Keeper 3:36; Foghorn 4:01; Stairs 3:17; A Lamp for Ships 4:45; Gull Weather 2:59; Yours, Always 5:20
- Kitchen Recordings | 2021 | Cassette | | Singer-songwriter |
Kettle 2:10; Two Spoons 3:02; Rain on Tin 3:44; Bread 2:37
# The Midnight Accountants | Canada | 2010
- Double Entry | 2012 | Digital | Foundry Lane | Funk, Soul | 4
Ledger Line 4:14; Petty Cash 3:48; Accrual World 5:02; Write-Off 3:29; Balance Sheet Blues 4:57
# Kintsugi Parade | Japan | 2016
- Gold in the Cracks | 2019 | Box set | Sol Bajo | Post-rock, Electronic | 5
Kiln 4:40; Fault Line 6:58; Lacquer 5:21; Gold in the Cracks 9:16; Tea for the Broken 7:11; Parade 6:06
`;

const FAVOURITES = [
  'Undertow Choir',
  'Question for Monk',
  'Cathode Gardens',
  'Gold in the Cracks',
  'Foghorn',
  'Ledger Line',
];
const ROAD = ['Carrier', 'Nachtzug', 'Turnpike', 'Carretera', 'Polvo', 'Second Gear', 'Parade'];

/** Schedules a small invented library: artists, albums, two playlists and three weeks of listening. */
export async function createSampleLibrary(em: EntityManager): Promise<void> {
  const labels = await existingByName(em, Label);
  const genres = await existingByName(em, Genre);
  const tracks = new Map<string, Track>();
  let artist: Artist | null = null;
  let album: Album | null = null;
  for (const line of SAMPLE.trim().split('\n')) {
    if (line.startsWith('# ')) artist = createArtist(em, line.slice(2));
    else if (line.startsWith('- ') && artist) album = createAlbum(em, artist, line.slice(2), labels, genres);
    else if (album) for (const track of createTracks(em, album, line)) tracks.set(track.title, track);
  }
  createPlaylist(em, 'Sunday morning', 'Slow starts, strong coffee.', FAVOURITES, tracks);
  createPlaylist(em, 'Night drive', 'For long roads and few lights.', ROAD, tracks);
  createListens(em, [...tracks.values()]);
}

async function existingByName<T extends Label | Genre>(em: EntityManager, cls: new () => T): Promise<Map<string, T>> {
  const all = await em.find(cls);
  return new Map(all.map((entity) => [entity.name, entity]));
}

const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim());

function createArtist(em: EntityManager, line: string): Artist {
  const [name = '', country = '', formed = ''] = cells(line);
  return em.create(Artist, { name, country, formed: Number(formed) });
}

function createAlbum(
  em: EntityManager,
  artist: Artist,
  line: string,
  labels: Map<string, Label>,
  genres: Map<string, Genre>,
): Album {
  const [title = '', year = '', format = '', labelName = '', genreNames = '', rating = ''] = cells(line);
  const label = labelName === '' ? null : (labels.get(labelName) ?? em.create(Label, { name: labelName }));
  if (label) labels.set(labelName, label);
  const chosen = genreNames.split(', ').map((name) => {
    const genre = genres.get(name) ?? em.create(Genre, { name });
    genres.set(name, genre);
    return genre;
  });
  return em.create(Album, {
    title,
    year: Number(year),
    format: format as Album['format'],
    rating: rating === '' ? null : Number(rating),
    artist,
    label,
    genres: chosen,
  });
}

function createTracks(em: EntityManager, album: Album, line: string): Track[] {
  return line.split('; ').map((text, index) => {
    const cut = text.lastIndexOf(' ');
    const seconds = parseDuration(text.slice(cut + 1)) ?? 0;
    return em.create(Track, { title: text.slice(0, cut), position: index + 1, seconds, album });
  });
}

function createPlaylist(
  em: EntityManager,
  name: string,
  description: string,
  titles: readonly string[],
  tracks: ReadonlyMap<string, Track>,
): void {
  const playlist = em.create(Playlist, { name, description });
  titles
    .flatMap((title) => tracks.get(title) ?? [])
    .forEach((track, index) => {
      em.create(PlaylistEntry, { position: index + 1, playlist, track });
    });
}

// Every few hours somebody listened to something; a fixed stride gives a natural mix with some favourites.
function createListens(em: EntityManager, tracks: readonly Track[]): void {
  const now = Date.now();
  for (let index = 0; index < 60; index++) {
    const track = tracks[(index * index * 7 + index * 3) % tracks.length];
    if (track) em.create(Listen, { listenedAt: new Date(now - index * 8.3 * 3_600_000), track });
  }
}
