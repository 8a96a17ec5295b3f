import type { EntityClass } from 'meshestra';
import type { Removable } from '../data/removal.ts';
import { useLibrary } from '../ui/library-context.ts';
import { removeWithUndo } from './remove.ts';
import { RowButton } from './track-actions.tsx';

/** The two buttons at the end of a row: edit, and remove with undo. */
export function EditRemoveButtons<T extends Removable>(props: {
  readonly cls: EntityClass<T>;
  readonly id: number;
  readonly noun: string;
  readonly name: string;
  onEdit(): void;
}) {
  const { cls, id, noun, name, onEdit } = props;
  const library = useLibrary();
  return (
    <div class="row-actions">
      <RowButton icon="edit" label={`Edit ${name}`} onClick={onEdit} />
      <RowButton
        icon="delete"
        label={`Remove ${name}`}
        onClick={() => void removeWithUndo(library, cls, id, `${noun} “${name}”`)}
      />
    </div>
  );
}
