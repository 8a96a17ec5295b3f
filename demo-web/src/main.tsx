import { render } from 'preact';
import { App } from './app.tsx';
import { openLibrary } from './data/library.ts';
import { startStatementLog } from './data/statement-log.ts';
import { installServiceWorker } from './offline.ts';
import { setUpElements } from './ui/elements.ts';
import { LibraryContext } from './ui/library-context.ts';
import { Problem } from './ui/problem.tsx';

async function start(root: HTMLElement): Promise<void> {
  try {
    const library = await openLibrary();
    startStatementLog(library);
    root.replaceChildren();
    render(
      <LibraryContext.Provider value={library}>
        <App />
      </LibraryContext.Provider>,
      root,
    );
  } catch (error) {
    root.replaceChildren();
    render(
      <main class="page">
        <h1>Your library could not be opened</h1>
        <Problem error={error} />
      </main>,
      root,
    );
  }
  await installServiceWorker();
}

const root = document.getElementById('app');
setUpElements();
if (root) void start(root);
