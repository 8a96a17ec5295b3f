import { useState } from 'preact/hooks';
import { Track } from '../../entities.ts';
import { Icon } from '../ui/icon.tsx';
import { useLibrary } from '../ui/library-context.ts';
import { AddToPlaylist } from './add-to-playlist.tsx';
import { logListen } from './log-listen.ts';
import { removeWithUndo } from './remove.ts';

/** What can be done with one track of a list. */
export function TrackActions({ track, onEdit }: { readonly track: Track; onEdit(): void }) {
  const library = useLibrary();
  const [choosing, setChoosing] = useState(false);
  return (
    <div class="row-actions">
      <RowButton
        icon="listen"
        label={`Log a listen of ${track.title}`}
        onClick={() => void logListen(library, track.id)}
      />
      <RowButton icon="playlist" label={`Add ${track.title} to a playlist`} onClick={() => setChoosing(true)} />
      <RowButton icon="edit" label={`Edit ${track.title}`} onClick={onEdit} />
      <RowButton
        icon="delete"
        label={`Remove ${track.title}`}
        onClick={() => void removeWithUndo(library, Track, track.id, `track “${track.title}”`)}
      />
      {choosing && <AddToPlaylist trackId={track.id} title={track.title} onClose={() => setChoosing(false)} />}
    </div>
  );
}

/** A small button of a row; its label is spoken and shown as a tip. */
export function RowButton(props: {
  readonly icon: string;
  readonly label: string;
  readonly disabled?: boolean;
  onClick(): void;
}) {
  return (
    <button
      type="button"
      class="row-button"
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled === true}
      data-action={props.icon}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}
