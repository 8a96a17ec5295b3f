import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../ui/icon.tsx';
import { useLibrary } from '../ui/library-context.ts';
import { notify } from '../ui/notify.ts';
import { Problem } from '../ui/problem.tsx';
import { undoable } from '../ui/undo-actions.ts';
import { ConflictDialog } from './conflict-dialog.tsx';
import { createRecord, type EditSession, openEditSession, type Saved } from './edit-session.ts';
import { FieldControl } from './field-control.tsx';
import type { Editable, FieldValue, FieldValues, FormSpec } from './form-spec.ts';
import { validate } from './validate.ts';

/** What is edited: an existing record by its key, or a new one with first values. */
export type EditTarget = { readonly id: number } | { readonly initial: FieldValues };

/** A dialog that edits one record, or makes one. */
export function EditDialog<T extends Editable>(props: {
  readonly spec: FormSpec<T>;
  readonly target: EditTarget;
  onClose(): void;
  onSaved?(id: number): void;
}) {
  const { spec, target, onClose } = props;
  const library = useLibrary();
  const [session, setSession] = useState<EditSession | null>(null);
  const [values, setValues] = useState<FieldValues>('initial' in target ? target.initial : {});
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [elsewhere, setElsewhere] = useState(false);
  const [conflict, setConflict] = useState<{ readonly theirs: FieldValues | null } | null>(null);
  const isNew = 'initial' in target;

  useOpenSession(spec, target, setSession, setValues, onClose);
  useWatch(spec.table, session, setElsewhere);

  const change = async (name: string, value: FieldValue) => {
    setValues((before) => ({ ...before, [name]: value }));
    setProblems((before) => new Map([...before].filter(([field]) => field !== name)));
    const field = spec.fields.find((one) => one.name === name);
    // Only sound values reach the entity; a half-typed one stays in the form.
    if (session && field && validate([field], { [name]: value }).size === 0) await session.change(name, value);
  };
  const finish = (saved: Saved) => {
    if (saved.kind === 'conflict') return setConflict({ theirs: saved.theirs });
    undoable(library, `Saved ${spec.noun} “${spec.name(values)}”.`);
    props.onSaved?.(saved.id);
    onClose();
  };
  const submit = async () => {
    const found = validate(spec.fields, values);
    setProblems(found);
    if (found.size > 0 || busy) return;
    setBusy(true);
    setError(null);
    try {
      finish(session ? await session.save() : { kind: 'saved', id: await createRecord(library, spec, values) });
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const revert = () => {
    session?.revert();
    if (session) setValues(session.values);
    setProblems(new Map());
    notify('Back to what was saved.');
  };
  const changed = session ? spec.fields.filter((field) => session.changed.includes(field.name)) : [];
  const ready = isNew || session !== null;

  return (
    <>
      <wa-dialog
        class="edit-dialog"
        label={`${isNew ? 'New' : 'Edit'} ${spec.noun}`}
        open={ready && conflict === null}
        onwa-after-hide={(event) => event.target === event.currentTarget && conflict === null && onClose()}
      >
        <form
          id="edit-form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          {elsewhere && (
            <wa-callout variant="warning" role="status" class="elsewhere">
              <Icon name="warning" slot="icon" />
              This {spec.noun} was changed elsewhere while you were editing. Saving will show both versions.
            </wa-callout>
          )}
          {error !== null && <Problem error={error} />}
          {spec.fields.map((field) => (
            <FieldControl
              key={field.name}
              field={field}
              value={values[field.name] ?? null}
              problem={problems.get(field.name) ?? null}
              changed={changed.includes(field)}
              onChange={(value) => void change(field.name, value)}
            />
          ))}
          {session && <PlanPreview session={session} changed={changed.map((field) => field.label)} />}
          {/* Enter in a field saves, as in any form. */}
          <button type="submit" class="visually-hidden" tabIndex={-1} aria-hidden="true" />
        </form>
        <div slot="footer" class="dialog-actions">
          {!isNew && (
            <wa-button appearance="plain" class="revert" disabled={changed.length === 0} onClick={revert}>
              <Icon name="undo" slot="start" />
              Undo edits
            </wa-button>
          )}
          <wa-button appearance="outlined" onClick={onClose}>
            Cancel
          </wa-button>
          <wa-button
            variant="brand"
            class="save"
            loading={busy}
            disabled={!isNew && changed.length === 0}
            onClick={() => void submit()}
          >
            Save
          </wa-button>
        </div>
      </wa-dialog>
      {conflict && session && (
        <ConflictDialog
          spec={spec}
          session={session}
          theirs={conflict.theirs}
          onDone={finish}
          onCancel={() => setConflict(null)}
          onDiscard={onClose}
        />
      )}
    </>
  );
}

function useOpenSession<T extends Editable>(
  spec: FormSpec<T>,
  target: EditTarget,
  onOpen: (session: EditSession) => void,
  onValues: (values: FieldValues) => void,
  onGone: () => void,
): void {
  const library = useLibrary();
  const id = 'id' in target ? target.id : null;
  useEffect(() => {
    if (id === null) return;
    let current = true;
    void openEditSession(library, spec, id).then((session) => {
      if (!current) return;
      if (session === null) {
        notify(`This ${spec.noun} is gone.`, { variant: 'warning' });
        return onGone();
      }
      onOpen(session);
      onValues(session.values);
    });
    return () => {
      current = false;
    };
  }, [library, id]);
}

/** Tells when the record being edited changes in another tab or view. */
function useWatch(table: string, session: EditSession | null, onChange: (elsewhere: boolean) => void): void {
  const library = useLibrary();
  useEffect(() => {
    if (session === null) return;
    return library.on('change', ({ tables }) => {
      if (tables.includes(table)) void session.compare().then((now) => onChange(now !== 'same'));
    });
  }, [library, session, table]);
}

/** Shows the statements that saving would send; made only when somebody looks. */
function PlanPreview({ session, changed }: { readonly session: EditSession; readonly changed: readonly string[] }) {
  const [statements, setStatements] = useState<readonly string[]>([]);
  const open = useRef(false);
  const look = async () => setStatements(open.current ? await session.plan() : []);
  useEffect(() => void look(), [changed.join()]);
  const summary =
    changed.length === 0
      ? 'No unsaved edits'
      : `${changed.length} unsaved edit${changed.length === 1 ? '' : 's'}: ${changed.join(', ')}`;
  return (
    <wa-details
      class="plan"
      appearance="plain"
      summary={summary}
      onwa-show={() => {
        open.current = true;
        void look();
      }}
      onwa-hide={() => {
        open.current = false;
      }}
    >
      {statements.length === 0 ? (
        <p class="muted">Saving would send no statement.</p>
      ) : (
        <ol class="statements">
          {statements.map((statement) => (
            <li key={statement}>
              <code>{statement}</code>
            </li>
          ))}
        </ol>
      )}
    </wa-details>
  );
}
