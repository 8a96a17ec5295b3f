import type { PersistenceError } from 'meshestra';
import { Icon } from './icon.tsx';

/** What the user can do about an error that has a code; anything else shows its own message. */
const ADVICE: Readonly<Record<string, string>> = {
  'unique-violation': 'There is one of that name already. Choose another name.',
  'foreign-key-violation': 'Something else still refers to it.',
  'storage-quota':
    'The browser has no room left for this change. Nothing was changed. Free some space or remove generated rows.',
  'storage-corrupt': 'This file is damaged, or it is not a SQLite database. Your library was not touched.',
  'storage-conflict': 'Another tab was writing at the same moment. Please try again.',
  'lock-timeout': 'Another tab is still writing. Please try again in a moment.',
  'storage-blocked': 'The browser does not let this page store data. Private windows and strict settings do that.',
};

/** An error in words for the user. */
export function explain(error: unknown): string {
  const code = (error as PersistenceError | null)?.code;
  const advice = code === undefined ? undefined : ADVICE[code];
  return advice ?? (error instanceof Error ? error.message : String(error));
}

/** Shows an error where it happened. */
export function Problem({ error }: { readonly error: unknown }) {
  return (
    <wa-callout variant="danger" role="alert" class="problem">
      <Icon name="warning" slot="icon" />
      {explain(error)}
    </wa-callout>
  );
}
