import type { Album } from '../../entities.ts';
import { Cover } from '../ui/cover.tsx';
import { Stars } from '../ui/stars.tsx';

/** Albums as covers; with `artistOf` each names its artist too. */
export function AlbumGrid<T extends Album>(props: { readonly albums: readonly T[]; artistOf?(album: T): string }) {
  return (
    <ul class="album-grid">
      {props.albums.map((album) => (
        <li key={album.id} class="album-card">
          <a href={`#/albums/${album.id}`} class="album-link">
            <Cover seed={album.id} />
            <span class="album-title">{album.title}</span>
          </a>
          {props.artistOf && <span class="album-artist">{props.artistOf(album)}</span>}
          <span class="album-meta">
            {album.year ?? ''} <Stars rating={album.rating} />
          </span>
        </li>
      ))}
    </ul>
  );
}
