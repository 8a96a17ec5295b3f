import type { ComponentChildren } from 'preact';
import { Icon } from '../ui/icon.tsx';
import { PageTitle } from '../ui/page-title.tsx';
import { Problem } from '../ui/problem.tsx';
import type { Live } from '../ui/use-live.ts';

/** The page of one record: its way back, and what is shown while it loads or where it is gone. */
export function EntityPage(props: {
  readonly live: Live<readonly unknown[]>;
  readonly noun: string;
  /** The list it belongs to, as in the address. */
  readonly back: string;
  readonly children: ComponentChildren;
}) {
  const { live, noun, back } = props;
  return (
    <section class="page" aria-labelledby="page-title">
      <a class="back" href={`#/${back}`}>
        <Icon name="back" /> All {back}
      </a>
      {live.error !== null && <Problem error={live.error} />}
      {live.rows?.length === 0 && (
        <div class="nothing">
          <PageTitle>This {noun} is not here</PageTitle>
          <p>It was removed, perhaps in another tab.</p>
        </div>
      )}
      {props.children}
    </section>
  );
}
