import { useRef, useState } from 'preact/hooks';
import { type Inspection, inspectFile } from '../data/file-inspection.ts';
import type { Library } from '../data/library.ts';
import { showFile } from '../data/opened-file.ts';
import { timed } from '../data/save.ts';
import { forgetAll } from '../data/undo-history.ts';
import { formatBytes, formatCount } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { useLibrary } from '../ui/library-context.ts';
import { notify } from '../ui/notify.ts';
import { Problem } from '../ui/problem.tsx';
import { go } from '../ui/route.ts';
import { TABLES } from './storage-section.tsx';

interface Replacement {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly counts: ReadonlyMap<string, number>;
}

async function download(library: Library): Promise<void> {
  const bytes = await library.driver.exportFile();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/vnd.sqlite3' }));
  link.download = `liner-notes-${new Date().toISOString().slice(0, 10)}.sqlite`;
  link.click();
  URL.revokeObjectURL(link.href);
  notify(`Exported ${formatBytes(bytes.length)}.`, { variant: 'success' });
}

/** Looks at a chosen file and does with it what it is good for. */
function useFileIntake() {
  const library = useLibrary();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [replacement, setReplacement] = useState<Replacement | null>(null);
  const take = (name: string, bytes: Uint8Array, found: Inspection) => {
    if (found.kind === 'corrupt') return setRefused(name);
    if (found.kind === 'library') return setReplacement({ name, bytes, counts: found.counts });
    void showFile(name, found.file);
    go('/file');
  };
  const open = async (file: File) => {
    setBusy(true);
    setProblem(null);
    setRefused(null);
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      take(file.name, bytes, await inspectFile(library, bytes));
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const replace = async (by: Replacement) => {
    setReplacement(null);
    try {
      await timed('Import a file', () => library.driver.importFile(by.bytes));
      forgetAll();
      notify(`Your library is now the one of “${by.name}”.`, { variant: 'success' });
    } catch (error) {
      setProblem(error);
    }
  };
  const exportNow = () => void download(library).catch(setProblem);
  return { busy, problem, refused, replacement, open, replace, exportNow, keep: () => setReplacement(null) };
}

/** Takes the database out as a SQLite file, and takes SQLite files in. */
export function FilesSection() {
  const { busy, problem, refused, replacement, open, replace, exportNow, keep } = useFileIntake();
  return (
    <section class="panel" aria-labelledby="files-title">
      <h2 id="files-title">Export and import</h2>
      <p>
        Export writes one plain SQLite file that any SQLite tool can open. Import takes such a file back; any other
        SQLite file opens in a read-only table browser.
      </p>
      {problem !== null && <Problem error={problem} />}
      {refused !== null && (
        <wa-callout variant="danger" role="alert" class="refused">
          <Icon name="warning" slot="icon" />“{refused}” was refused: it is damaged, or not a SQLite database. Your
          library was not touched.
        </wa-callout>
      )}
      <div class="button-row">
        <wa-button variant="brand" class="export" onClick={exportNow}>
          <Icon name="export" slot="start" />
          Export
        </wa-button>
        <FilePicker busy={busy} onPick={(file) => void open(file)} />
      </div>
      {replacement && (
        <ReplaceDialog
          replacement={replacement}
          onReplace={() => void replace(replacement)}
          onExport={exportNow}
          onClose={keep}
        />
      )}
    </section>
  );
}

function FilePicker({ busy, onPick }: { readonly busy: boolean; onPick(file: File): void }) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <wa-button appearance="outlined" class="import" loading={busy} onClick={() => picker.current?.click()}>
        <Icon name="import" slot="start" />
        Open a SQLite file
      </wa-button>
      <input
        ref={picker}
        type="file"
        class="visually-hidden"
        aria-label="SQLite file"
        tabIndex={-1}
        accept=".sqlite,.sqlite3,.db,application/vnd.sqlite3"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = '';
          if (file) onPick(file);
        }}
      />
    </>
  );
}

function ReplaceDialog(props: {
  readonly replacement: Replacement;
  onReplace(): void;
  onExport(): void;
  onClose(): void;
}) {
  const { name, bytes, counts } = props.replacement;
  return (
    <wa-dialog
      class="replace-dialog"
      label="Replace your library?"
      open
      onwa-after-hide={(event) => event.target === event.currentTarget && props.onClose()}
    >
      <p>
        “{name}” ({formatBytes(bytes.length)}) is a Liner Notes library. It takes the place of everything you have here,
        in every open tab. This cannot be undone, so export your library first if you want to keep it.
      </p>
      <dl class="figures">
        {['artists', 'albums', 'tracks', 'playlists', 'listens'].map((table) => (
          <div key={table}>
            <dt>{TABLES[table]}</dt>
            <dd>{formatCount(counts.get(table) ?? 0)}</dd>
          </div>
        ))}
      </dl>
      <div slot="footer" class="dialog-actions">
        <wa-button appearance="plain" onClick={props.onExport}>
          Export mine first
        </wa-button>
        <wa-button appearance="outlined" onClick={props.onClose}>
          Keep mine
        </wa-button>
        <wa-button variant="danger" class="replace" onClick={props.onReplace}>
          Replace
        </wa-button>
      </div>
    </wa-dialog>
  );
}
