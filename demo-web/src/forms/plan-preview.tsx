import { useEffect, useRef, useState } from 'preact/hooks';
import type { EditSession } from './edit-session.ts';

/** Names the unsaved edits and shows the statements that saving would send; these are made only when somebody looks. */
export function PlanPreview({
  session,
  changed,
}: {
  readonly session: EditSession;
  readonly changed: readonly string[];
}) {
  const [statements, setStatements] = useState<readonly string[]>([]);
  const isOpen = useRef(false);
  const look = async () => setStatements(isOpen.current ? await session.plan() : []);
  useEffect(() => void look(), [changed.join()]);
  const count = `${changed.length} unsaved edit${changed.length === 1 ? '' : 's'}`;
  return (
    <wa-details
      class="plan"
      appearance="plain"
      summary={changed.length === 0 ? 'No unsaved edits' : `${count}: ${changed.join(', ')}`}
      onwa-show={() => {
        isOpen.current = true;
        void look();
      }}
      onwa-hide={() => {
        isOpen.current = false;
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
