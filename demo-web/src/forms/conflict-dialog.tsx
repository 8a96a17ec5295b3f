import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../ui/icon.tsx';
import { useLibrary } from '../ui/library-context.ts';
import { Problem } from '../ui/problem.tsx';
import { createRecord, differences, type EditSession, type Saved } from './edit-session.ts';
import type { Editable, Field, FieldValue, FieldValues, FormSpec } from './form-spec.ts';

type Side = 'mine' | 'theirs';

/** Shows both versions of a record that was changed elsewhere meanwhile, field by field, and lets the user decide. */
export function ConflictDialog<T extends Editable>(props: {
  readonly spec: FormSpec<T>;
  readonly session: EditSession;
  readonly theirs: FieldValues | null;
  onDone(saved: Saved): void;
  onCancel(): void;
  onDiscard(): void;
}) {
  return props.theirs === null ? <DeletedDialog {...props} /> : <MergeDialog {...props} theirs={props.theirs} />;
}

interface MergeProps<T extends Editable> {
  readonly spec: FormSpec<T>;
  readonly session: EditSession;
  readonly theirs: FieldValues;
  onDone(saved: Saved): void;
  onCancel(): void;
  onDiscard(): void;
}

/** At first each side keeps what only it changed, and where both did, mine is proposed. */
function useMerge<T extends Editable>({ spec, session, theirs, onDone }: MergeProps<T>) {
  const fields = spec.fields.filter((field) => differences(session.values, theirs).includes(field.name));
  const [sides, setSides] = useState<Readonly<Record<string, Side>>>(() =>
    Object.fromEntries(fields.map((field) => [field.name, session.changed.includes(field.name) ? 'mine' : 'theirs'])),
  );
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const choose = (name: string, side: Side) => setSides((before) => ({ ...before, [name]: side }));
  const chooseAll = (side: Side) => setSides(Object.fromEntries(fields.map((field) => [field.name, side])));
  const settle = async () => {
    const kept = fields.filter((field) => sides[field.name] === 'mine');
    const mine = Object.fromEntries(kept.map((field) => [field.name, session.values[field.name] ?? null]));
    setBusy(true);
    try {
      onDone(await session.saveMerged({ ...theirs, ...mine }, theirs));
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return { fields, sides, choose, chooseAll, settle, error, busy };
}

function MergeDialog<T extends Editable>(props: MergeProps<T>) {
  const { spec, session, theirs } = props;
  const { fields, sides, choose, chooseAll, settle, error, busy } = useMerge(props);
  return (
    <wa-dialog
      class="conflict-dialog"
      label={`This ${spec.noun} was changed elsewhere`}
      open
      onwa-after-hide={(event) => event.target === event.currentTarget && props.onCancel()}
    >
      <p class="conflict-intro">
        Somebody saved it, in another tab perhaps, after you opened it. Nothing was overwritten. Choose what to keep of
        each field that differs.
      </p>
      {error !== null && <Problem error={error} />}
      <div class="button-row conflict-all">
        <wa-button size="s" appearance="outlined" onClick={() => chooseAll('mine')}>
          All mine
        </wa-button>
        <wa-button size="s" appearance="outlined" onClick={() => chooseAll('theirs')}>
          All theirs
        </wa-button>
      </div>
      <div class="conflict-fields">
        {fields.map((field) => (
          <ConflictField
            key={field.name}
            field={field}
            mine={session.values[field.name] ?? null}
            theirs={theirs[field.name] ?? null}
            side={sides[field.name] ?? 'theirs'}
            onChoose={(side) => choose(field.name, side)}
          />
        ))}
      </div>
      <div slot="footer" class="dialog-actions">
        <wa-button appearance="outlined" onClick={props.onDiscard}>
          Discard my edits
        </wa-button>
        <wa-button variant="brand" class="settle" loading={busy} onClick={() => void settle()}>
          Save this choice
        </wa-button>
      </div>
    </wa-dialog>
  );
}

function ConflictField(props: {
  readonly field: Field;
  readonly mine: FieldValue;
  readonly theirs: FieldValue;
  readonly side: Side;
  onChoose(side: Side): void;
}) {
  const names = useOptionNames(props.field);
  return (
    <wa-radio-group
      class="conflict-field"
      label={props.field.label}
      value={props.side}
      onChange={(event) => props.onChoose(event.currentTarget.value === 'mine' ? 'mine' : 'theirs')}
    >
      <wa-radio value="mine" appearance="button">
        <span class="side">Mine</span> <span class="side-value">{display(props.mine, names)}</span>
      </wa-radio>
      <wa-radio value="theirs" appearance="button">
        <span class="side">Theirs</span> <span class="side-value">{display(props.theirs, names)}</span>
      </wa-radio>
    </wa-radio-group>
  );
}

function useOptionNames(field: Field): ReadonlyMap<string, string> {
  const library = useLibrary();
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    if (field.kind === 'many') void field.options(library.em()).then(setNames);
  }, [library, field]);
  return names;
}

function display(value: FieldValue, names: ReadonlyMap<string, string>): string {
  if (value === null || value === '') return 'empty';
  if (typeof value !== 'object') return String(value);
  return value.length === 0 ? 'none' : value.map((key) => names.get(key) ?? key).join(', ');
}

function DeletedDialog<T extends Editable>(props: {
  readonly spec: FormSpec<T>;
  readonly session: EditSession;
  onDone(saved: Saved): void;
  onDiscard(): void;
}) {
  const library = useLibrary();
  const [error, setError] = useState<unknown>(null);
  const again = async () => {
    try {
      props.onDone({ kind: 'saved', id: await createRecord(library, props.spec, props.session.values) });
    } catch (failure) {
      setError(failure);
    }
  };
  return (
    <wa-dialog
      class="conflict-dialog"
      label={`This ${props.spec.noun} was deleted elsewhere`}
      open
      onwa-after-hide={(event) => event.target === event.currentTarget && props.onDiscard()}
    >
      <wa-callout variant="warning">
        <Icon name="warning" slot="icon" />
        Somebody deleted it, in another tab perhaps, while you were editing.
      </wa-callout>
      {error !== null && <Problem error={error} />}
      <div slot="footer" class="dialog-actions">
        <wa-button appearance="outlined" onClick={props.onDiscard}>
          Discard my edits
        </wa-button>
        <wa-button variant="brand" onClick={() => void again()}>
          Add it again with my edits
        </wa-button>
      </div>
    </wa-dialog>
  );
}
