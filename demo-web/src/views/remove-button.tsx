import type { EntityClass } from 'meshestra';
import type { Removable } from '../data/removal.ts';
import { Icon } from '../ui/icon.tsx';
import { useLibrary } from '../ui/library-context.ts';
import { go } from '../ui/route.ts';
import { removeWithUndo } from './remove.ts';

/** The button on a record's own page that removes it, and then goes back to the list. */
export function RemoveButton<T extends Removable>(props: {
  readonly cls: EntityClass<T>;
  readonly id: number;
  /** As in "album “Blue Hour”". */
  readonly what: string;
  readonly back: string;
}) {
  const library = useLibrary();
  const remove = async () => {
    if (await removeWithUndo(library, props.cls, props.id, props.what)) go(props.back);
  };
  return (
    <wa-button appearance="outlined" variant="danger" onClick={() => void remove()}>
      <Icon name="delete" slot="start" />
      Remove
    </wa-button>
  );
}
