import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { undoSteps } from './data/undo-history.ts';
import { Icon } from './ui/icon.tsx';
import { useLibrary } from './ui/library-context.ts';
import { type Route, useRoute } from './ui/route.ts';
import { useStore } from './ui/store.ts';
import { ThemeButton } from './ui/theme-button.tsx';
import { undoWithNotice } from './ui/undo-actions.ts';
import { useOnline } from './ui/use-online.ts';
import { AlbumView } from './views/album-view.tsx';
import { AlbumsView } from './views/albums-view.tsx';
import { ArtistView } from './views/artist-view.tsx';
import { ArtistsView } from './views/artists-view.tsx';
import { GenresView, LabelsView } from './views/catalogue-view.tsx';
import { FileView } from './views/file-view.tsx';
import { LibraryDataView } from './views/library-data-view.tsx';
import { ListensView } from './views/listens-view.tsx';
import { PlaylistView } from './views/playlist-view.tsx';
import { PlaylistsView } from './views/playlists-view.tsx';
import { SqlPanel } from './views/sql-panel.tsx';
import { TracksView } from './views/tracks-view.tsx';

const PAGES = [
  { path: 'albums', label: 'Albums', icon: 'album' },
  { path: 'artists', label: 'Artists', icon: 'artist' },
  { path: 'tracks', label: 'Tracks', icon: 'track' },
  { path: 'playlists', label: 'Playlists', icon: 'playlist' },
  { path: 'listens', label: 'Listening log', icon: 'listen' },
  { path: 'genres', label: 'Genres', icon: 'genre' },
  { path: 'labels', label: 'Labels', icon: 'label' },
  { path: 'data', label: 'Data', icon: 'data' },
] as const;
/** Those with a place in the bar at the bottom of a phone; the others are in the menu. */
const IN_BAR = 4;

/** The whole app: ways around, the page, and the SQL panel. */
export function App() {
  const route = useRoute();
  const [sqlOpen, setSqlOpen] = useState(false);
  const [menuOpen, setMenuOpen] = useState(false);
  useUndoKey();
  useEffect(() => setMenuOpen(false), [route]);
  const current = route.path[0] ?? 'albums';
  const links = <NavLinks current={current} />;
  return (
    <div class={`shell${sqlOpen ? ' with-sql' : ''}`}>
      <button type="button" class="skip-link" onClick={() => document.getElementById('page-title')?.focus()}>
        Skip to the page
      </button>
      <aside class="sidebar">
        <Brand />
        <nav aria-label="Main">{links}</nav>
        <Tools sqlOpen={sqlOpen} onSql={() => setSqlOpen(!sqlOpen)} />
      </aside>
      <header class="topbar">
        <Brand />
        <UndoButton />
        <button type="button" class="row-button" aria-label="Menu" onClick={() => setMenuOpen(true)}>
          <Icon name="menu" />
        </button>
      </header>
      <main class="content">
        <Page route={route} />
      </main>
      {sqlOpen && <SqlPanel onClose={() => setSqlOpen(false)} />}
      <nav class="bottombar" aria-label="Main">
        <NavLinks current={current} count={IN_BAR} />
      </nav>
      <wa-drawer
        label="Menu"
        placement="end"
        class="menu"
        open={menuOpen}
        onwa-after-hide={(event) => event.target === event.currentTarget && setMenuOpen(false)}
      >
        <nav aria-label="All pages">{links}</nav>
        <Tools
          sqlOpen={sqlOpen}
          onSql={() => {
            setSqlOpen(!sqlOpen);
            setMenuOpen(false);
          }}
        />
      </wa-drawer>
    </div>
  );
}

function Brand() {
  return (
    <a class="brand" href="#/albums">
      <img src="icon.svg" alt="" width="32" height="32" />
      <span>Liner Notes</span>
    </a>
  );
}

function NavLinks({ current, count = PAGES.length }: { readonly current: string; readonly count?: number }) {
  return (
    <ul class="nav-links">
      {PAGES.slice(0, count).map(({ path, label, icon }) => (
        <li key={path}>
          <a href={`#/${path}`} aria-current={current === path ? 'page' : undefined}>
            <Icon name={icon} />
            <span>{label}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Tools({ sqlOpen, onSql }: { readonly sqlOpen: boolean; onSql(): void }) {
  const online = useOnline();
  return (
    <div class="tools">
      <UndoButton wide />
      <button type="button" class="tool sql-toggle" aria-pressed={sqlOpen} onClick={onSql}>
        <Icon name="sql" />
        <span>SQL panel</span>
      </button>
      <ThemeButton />
      <p class="tool status" role="status">
        <Icon name={online ? 'online' : 'offline'} />
        <span>{online ? 'Online' : 'Offline. Everything still works.'}</span>
      </p>
    </div>
  );
}

function UndoButton({ wide = false }: { readonly wide?: boolean }) {
  const library = useLibrary();
  const step = useStore(undoSteps)[0];
  const label = step ? `Undo: ${step.label}` : 'Nothing to undo';
  return (
    <button
      type="button"
      class={wide ? 'tool undo' : 'row-button undo'}
      disabled={!step}
      title={label}
      aria-label={wide ? undefined : label}
      onClick={() => void undoWithNotice(library)}
    >
      <Icon name="undo" />
      {wide && <span class="one-line">{step ? label : 'Undo'}</span>}
    </button>
  );
}

function Page({ route }: { readonly route: Route }) {
  const [name = 'albums', key] = route.path;
  const id = Number(key);
  const place = `${name}/${key ?? ''}`;
  useEffect(() => scrollTo({ top: 0 }), [place]);
  return <div key={place}>{pageOf(name, key === undefined ? null : id)}</div>;
}

function pageOf(name: string, id: number | null): ComponentChildren {
  if (id !== null && Number.isSafeInteger(id)) {
    if (name === 'albums') return <AlbumView id={id} />;
    if (name === 'artists') return <ArtistView id={id} />;
    if (name === 'playlists') return <PlaylistView id={id} />;
  }
  switch (name) {
    case 'artists':
      return <ArtistsView />;
    case 'tracks':
      return <TracksView />;
    case 'playlists':
      return <PlaylistsView />;
    case 'listens':
      return <ListensView />;
    case 'genres':
      return <GenresView />;
    case 'labels':
      return <LabelsView />;
    case 'data':
      return <LibraryDataView />;
    case 'file':
      return <FileView />;
    default:
      return <AlbumsView />;
  }
}

/** Ctrl+Z (or ⌘Z) undoes the newest change, except where it undoes typing. */
function useUndoKey(): void {
  const library = useLibrary();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isUndoKey(event) || isTyping(event) || document.querySelector('wa-dialog[open]')) return;
      event.preventDefault();
      void undoWithNotice(library);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [library]);
}

function isUndoKey({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === 'z' && (ctrlKey || metaKey) && !shiftKey && !altKey;
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLElement && target.matches('input, textarea, [contenteditable]');
}
