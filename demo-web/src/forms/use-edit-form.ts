import { useEffect, useState } from 'preact/hooks';
import { useLibrary } from '../ui/library-context.ts';
import { notify } from '../ui/notify.ts';
import { undoable } from '../ui/undo-actions.ts';
import { createRecord, type EditSession, openEditSession, type Saved } from './edit-session.ts';
import type { Editable, Field, FieldValue, FieldValues, FormSpec } from './form-spec.ts';
import { validate } from './validate.ts';

/** What is edited: an existing record by its key, or a new one with first values. */
export type EditTarget = { readonly id: number } | { readonly initial: FieldValues };

/** What the edit dialog is opened with. */
export interface EditDialogProps<T extends Editable> {
  readonly spec: FormSpec<T>;
  readonly target: EditTarget;
  onClose(): void;
  onSaved?(id: number): void;
}

/** Everything the edit dialog shows and does. */
export interface EditForm {
  readonly isNew: boolean;
  /** Whether there is something to show: the record is loaded, or there is none yet. */
  readonly isReady: boolean;
  /** Null for a new record, and until an existing one is loaded. */
  readonly session: EditSession | null;
  readonly values: FieldValues;
  readonly problems: ReadonlyMap<string, string>;
  readonly error: unknown;
  readonly isBusy: boolean;
  /** Whether the record was changed or deleted elsewhere since it was loaded. */
  readonly isStale: boolean;
  readonly conflict: { readonly theirs: FieldValues | null } | null;
  readonly changed: readonly Field[];
  change(name: string, value: FieldValue): void;
  submit(): Promise<void>;
  revert(): void;
  finish(saved: Saved): void;
  dropConflict(): void;
}

/** Holds the state of an edit dialog. */
export function useEditForm<T extends Editable>(props: EditDialogProps<T>): EditForm {
  const { spec, target } = props;
  const library = useLibrary();
  const [session, setSession] = useState<EditSession | null>(null);
  const [values, setValues] = useState<FieldValues>('initial' in target ? target.initial : {});
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const [conflict, setConflict] = useState<EditForm['conflict']>(null);
  const isStale = useStaleness(spec.table, session);
  useLoadedSession(props, (loaded) => {
    setSession(loaded);
    setValues(loaded.values);
  });

  const change = (name: string, value: FieldValue) => {
    setValues((before) => ({ ...before, [name]: value }));
    setProblems((before) => new Map([...before].filter(([field]) => field !== name)));
    if (isSound(spec.fields, name, value)) session?.change(name, value).catch(setError);
  };
  const finish = (saved: Saved) => {
    if (saved.kind === 'conflict') return setConflict({ theirs: saved.theirs });
    undoable(library, `Saved ${spec.noun} “${spec.name(values)}”.`);
    props.onSaved?.(saved.id);
    props.onClose();
  };
  const submit = async () => {
    const found = validate(spec.fields, values);
    setProblems(found);
    if (found.size > 0 || isBusy) return;
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
  const isNew = 'initial' in target;
  const state = {
    isNew,
    isReady: isNew || session !== null,
    session,
    values,
    problems,
    error,
    isBusy,
    isStale,
    conflict,
  };
  return { ...state, changed, change, submit, revert, finish, dropConflict: () => setConflict(null) };
}

/** Only sound values reach the entity; a half-typed one stays in the form. */
function isSound(fields: readonly Field[], name: string, value: FieldValue): boolean {
  const field = fields.find((one) => one.name === name);
  return field !== undefined && validate([field], { [name]: value }).size === 0;
}

function useLoadedSession<T extends Editable>(props: EditDialogProps<T>, onLoad: (session: EditSession) => void): void {
  const { spec, target, onClose } = props;
  const library = useLibrary();
  const id = 'id' in target ? target.id : null;
  useEffect(() => {
    if (id === null) return;
    let current = true;
    openEditSession(library, spec, id).then(
      (session) => {
        if (!current) return;
        if (session) return onLoad(session);
        notify(`This ${spec.noun} is gone.`, { variant: 'warning' });
        onClose();
      },
      (error: unknown) => {
        notify(String(error), { variant: 'danger' });
        onClose();
      },
    );
    return () => {
      current = false;
    };
  }, [library, id]);
}

function useStaleness(table: string, session: EditSession | null): boolean {
  const library = useLibrary();
  const [isStale, setStale] = useState(false);
  useEffect(() => {
    if (session === null) return;
    return library.on('change', ({ tables }) => {
      if (tables.includes(table)) void session.compare().then((now) => setStale(now !== 'same'));
    });
  }, [library, session, table]);
  return isStale;
}
