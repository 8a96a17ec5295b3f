import { useEffect, useId, useState } from 'preact/hooks';
import { useLibrary } from '../ui/library-context.ts';
import type { Field, FieldValue } from './form-spec.ts';

/** A field with its value, and what to do when the user changes it. */
export interface FieldControlProps {
  readonly field: Field;
  readonly value: FieldValue;
  readonly problem: string | null;
  readonly changed: boolean;
  onChange(value: FieldValue): void;
}

/** Kinds of fields of which two fit beside each other. */
const SHORT = new Set<Field['kind']>(['year', 'whole', 'duration', 'choice']);

/** The control that suits a field. */
export function FieldControl(props: FieldControlProps) {
  const { field, problem, changed } = props;
  return (
    <div
      class={`field${changed ? ' field-changed' : ''}${SHORT.has(field.kind) ? ' field-short' : ''}`}
      data-field={field.name}
    >
      <Control {...props} />
      {problem !== null && (
        <p class="field-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

function Control(props: FieldControlProps) {
  switch (props.field.kind) {
    case 'notes':
      return <NotesControl {...props} />;
    case 'choice':
      return <ChoiceControl {...props} options={props.field.options} />;
    case 'rating':
      return <RatingControl {...props} />;
    case 'one':
      return <LookupControl {...props} suggest={props.field.suggest} />;
    case 'many':
      return <ManyControl {...props} load={props.field.options} />;
    default:
      return <LineControl {...props} />;
  }
}

function LineControl({ field, value, onChange }: FieldControlProps) {
  const isNumber = field.kind === 'year' || field.kind === 'whole';
  return (
    <wa-input
      label={field.label}
      hint={field.hint ?? ''}
      required={field.required === true}
      inputmode={isNumber ? 'numeric' : 'text'}
      autocomplete="off"
      value={value === null ? '' : String(value)}
      onInput={(event) => {
        const text = event.currentTarget.value ?? '';
        if (text.trim() === '') onChange(null);
        else onChange(isNumber && Number.isFinite(Number(text)) ? Number(text) : text);
      }}
    />
  );
}

function NotesControl({ field, value, onChange }: FieldControlProps) {
  return (
    <wa-textarea
      label={field.label}
      rows={3}
      resize="auto"
      value={value === null ? '' : String(value)}
      onInput={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}

function ChoiceControl({
  field,
  value,
  onChange,
  options,
}: FieldControlProps & { readonly options: readonly string[] }) {
  return (
    <wa-select
      label={field.label}
      value={String(value ?? '')}
      onChange={(event) => onChange(String(event.currentTarget.value))}
    >
      {options.map((option) => (
        <wa-option key={option} value={option}>
          {option}
        </wa-option>
      ))}
    </wa-select>
  );
}

function RatingControl({ field, value, onChange }: FieldControlProps) {
  return (
    <div class="rating-field">
      <span class="field-label" aria-hidden="true">
        {field.label}
      </span>
      <wa-rating
        label={field.label}
        value={typeof value === 'number' ? value : 0}
        onChange={(event) => onChange(event.currentTarget.value || null)}
      />
    </div>
  );
}

/** A name with suggestions while typing: the browser's own list, which every keyboard and phone knows. */
function LookupControl({
  field,
  value,
  onChange,
  suggest,
}: FieldControlProps & Pick<Field & { kind: 'one' }, 'suggest'>) {
  const library = useLibrary();
  const id = useId();
  const [names, setNames] = useState<readonly string[]>([]);
  const text = typeof value === 'string' ? value : '';
  useEffect(() => {
    let current = true;
    const timer = setTimeout(async () => {
      const found = await suggest(library.em(), text);
      if (current) setNames(found);
    }, 120);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [library, suggest, text]);
  return (
    <div class="native-field">
      <label class="field-label" for={`${id}-input`}>
        {field.label}
        {field.required && (
          <span class="required" aria-hidden="true">
            {' '}
            *
          </span>
        )}
      </label>
      <input
        id={`${id}-input`}
        list={`${id}-names`}
        value={text}
        autocomplete="off"
        required={field.required === true}
        aria-describedby={`${id}-hint`}
        onInput={(event) => onChange(event.currentTarget.value || null)}
      />
      <datalist id={`${id}-names`}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <p class="field-hint" id={`${id}-hint`}>
        {field.hint}
      </p>
    </div>
  );
}

function ManyControl({
  field,
  value,
  onChange,
  load,
}: FieldControlProps & { load: (Field & { kind: 'many' })['options'] }) {
  const library = useLibrary();
  const [options, setOptions] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    let current = true;
    void load(library.em()).then((all) => current && setOptions(all));
    return () => {
      current = false;
    };
  }, [library, load]);
  return (
    <wa-select
      label={field.label}
      multiple
      withClear
      maxOptionsVisible={3}
      value={Array.isArray(value) ? [...value] : []}
      onChange={(event) => onChange([event.currentTarget.value ?? []].flat().map(String).sort())}
    >
      {[...options].map(([key, name]) => (
        <wa-option key={key} value={key}>
          {name}
        </wa-option>
      ))}
    </wa-select>
  );
}
