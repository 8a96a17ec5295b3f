import { useState } from 'preact/hooks';
import { countGenerated, type GeneratorRun, generate, generatorRun, removeGenerated } from '../data/generator.ts';
import { formatCount } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import { useLibrary } from '../ui/library-context.ts';
import { notify } from '../ui/notify.ts';
import { explain, Problem } from '../ui/problem.tsx';
import { createStore, useStore } from '../ui/store.ts';
import { useLiveValue } from '../ui/use-live.ts';

const SIZES = [1_000, 100_000, 1_000_000];
// Outside the component: a run goes on while the user looks at other pages, and can be stopped when they return.
const stopper = createStore<AbortController | null>(null);

/** Makes as many rows as wished, to see how the app bears them. */
export function GeneratorSection() {
  const library = useLibrary();
  const run = useStore(generatorRun);
  const controller = useStore(stopper);
  const [size, setSize] = useState(1_000);
  const [removing, setRemoving] = useState(false);
  const generated = useLiveValue('generated', ['artists'], countGenerated);
  const running = run?.state === 'running';
  const start = async () => {
    const own = new AbortController();
    stopper.set(own);
    await generate(library, size, own.signal);
    stopper.set(null);
  };
  const remove = async () => {
    setRemoving(true);
    try {
      await removeGenerated(library);
      generatorRun.set(null);
      notify('The generated rows are gone.', { variant: 'success' });
    } catch (error) {
      notify(explain(error), { variant: 'danger' });
    } finally {
      setRemoving(false);
    }
  };
  return (
    <section class="panel" aria-labelledby="generator-title">
      <h2 id="generator-title">Generator</h2>
      <p>Adds invented artists, albums, tracks and listens in many small commits. Yours stay as they are.</p>
      <SizeChoice size={size} disabled={running} onChange={setSize} />
      {run && <RunReport run={run} />}
      <div class="button-row">
        {running ? (
          <wa-button
            variant="danger"
            appearance="outlined"
            class="cancel-run"
            disabled={controller?.signal.aborted === true}
            onClick={() => controller?.abort()}
          >
            <Icon name="stop" slot="start" />
            Cancel
          </wa-button>
        ) : (
          <wa-button variant="brand" class="generate" onClick={() => void start()}>
            <Icon name="generate" slot="start" />
            Generate {formatCount(size)} rows
          </wa-button>
        )}
        {!running && (generated.rows ?? 0) > 0 && (
          <wa-button appearance="outlined" class="remove-generated" loading={removing} onClick={() => void remove()}>
            <Icon name="delete" slot="start" />
            Remove generated rows
          </wa-button>
        )}
      </div>
    </section>
  );
}

function SizeChoice(props: { readonly size: number; readonly disabled: boolean; onChange(size: number): void }) {
  return (
    <wa-radio-group
      label="How many rows"
      orientation="horizontal"
      value={String(props.size)}
      disabled={props.disabled}
      onChange={(event) => props.onChange(Number(event.currentTarget.value))}
    >
      {SIZES.map((rows) => (
        <wa-radio key={rows} value={String(rows)} appearance="button">
          {formatCount(rows)}
        </wa-radio>
      ))}
    </wa-radio-group>
  );
}

const ENDINGS = {
  running: 'so far',
  done: 'added',
  cancelled: 'added before it was cancelled',
  failed: 'added before it failed',
};

function RunReport({ run }: { readonly run: GeneratorRun }) {
  const seconds = run.ms / 1000;
  const rate = seconds > 0 ? Math.round(run.done / seconds) : 0;
  return (
    <div class="run">
      <wa-progress-bar label="Rows generated" value={(run.done / run.total) * 100} />
      <p class="run-text" role="status">
        {formatCount(run.done)} of {formatCount(run.total)} rows {ENDINGS[run.state]}, {seconds.toFixed(1)} s,{' '}
        {formatCount(rate)} rows per second.
      </p>
      {run.state === 'failed' && <Problem error={run.error} />}
    </div>
  );
}
