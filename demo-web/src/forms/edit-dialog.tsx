import { Icon } from '../ui/icon.tsx';
import { Problem } from '../ui/problem.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { FieldControl } from './field-control.tsx';
import type { Editable, Field } from './form-spec.ts';
import { PlanPreview } from './plan-preview.tsx';
import { type EditDialogProps, type EditForm, useEditForm } from './use-edit-form.ts';

/** A dialog that edits one record, or makes one. */
export function EditDialog<T extends Editable>(props: EditDialogProps<T>) {
  const { spec, onClose } = props;
  const form = useEditForm(props);
  const { session, conflict } = form;
  return (
    <>
      <wa-dialog
        class="edit-dialog"
        label={`${form.isNew ? 'New' : 'Edit'} ${spec.noun}`}
        open={form.isReady && conflict === null}
        onwa-after-hide={(event) => event.target === event.currentTarget && conflict === null && onClose()}
      >
        <FormBody form={form} noun={spec.noun} fields={spec.fields} />
        <Actions form={form} onClose={onClose} />
      </wa-dialog>
      {conflict && session && (
        <ConflictDialog
          spec={spec}
          session={session}
          theirs={conflict.theirs}
          onDone={form.finish}
          onCancel={form.dropConflict}
          onDiscard={onClose}
        />
      )}
    </>
  );
}

function FormBody(props: { readonly form: EditForm; readonly noun: string; readonly fields: readonly Field[] }) {
  const { form, noun, fields } = props;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void form.submit();
      }}
    >
      {form.isStale && (
        <wa-callout variant="warning" role="status">
          <Icon name="warning" slot="icon" />
          This {noun} was changed elsewhere while you were editing. Saving will show both versions.
        </wa-callout>
      )}
      {form.error !== null && <Problem error={form.error} />}
      {fields.map((field) => (
        <FieldControl
          key={field.name}
          field={field}
          value={form.values[field.name] ?? null}
          problem={form.problems.get(field.name) ?? null}
          changed={form.changed.includes(field)}
          onChange={(value) => form.change(field.name, value)}
        />
      ))}
      {form.session && <PlanPreview session={form.session} changed={form.changed.map((field) => field.label)} />}
      {/* Enter in a field saves, as in any form. */}
      <button type="submit" class="visually-hidden" tabIndex={-1} aria-hidden="true" />
    </form>
  );
}

function Actions({ form, onClose }: { readonly form: EditForm; onClose(): void }) {
  const isUnchanged = !form.isNew && form.changed.length === 0;
  return (
    <div slot="footer" class="dialog-actions">
      {!form.isNew && (
        <wa-button appearance="plain" class="revert" disabled={isUnchanged} onClick={form.revert}>
          <Icon name="undo" slot="start" />
          Undo edits
        </wa-button>
      )}
      <wa-button appearance="outlined" onClick={onClose}>
        Cancel
      </wa-button>
      <wa-button variant="brand" loading={form.isBusy} disabled={isUnchanged} onClick={() => void form.submit()}>
        Save
      </wa-button>
    </div>
  );
}
