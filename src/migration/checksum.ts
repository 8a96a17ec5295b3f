import type { WireValue } from '../wire/wire-value.ts';
import type { MigrationItem, MigrationSide } from './migration.ts';
import { sha256 } from './sha256.ts';

/**
 * The checksum of a side: SHA-256 over its statements, without what editors and version control change by themselves (line
 * endings, a byte order mark, blanks at the ends of lines).
 */
export function checksumOf({ steps }: MigrationSide): string {
  return sha256(JSON.stringify(steps.map(content)));
}

/** The kinds are told apart, so that no text of one is a step of another. */
function content(item: MigrationItem): readonly unknown[] {
  if (typeof item === 'string') return ['statement', normalized(item)];
  if (typeof item === 'function') return ['function'];
  if ('sql' in item) return ['statement', normalized(item.sql), item.params.map(parameter)];
  if ('outside' in item) return ['outside', normalized(item.outside)];
  return ['rebuild', item.rebuild, item.statements.map(normalized)];
}

function normalized(text: string): string {
  const lines = text.replaceAll('\uFEFF', '').split(/\r\n|\r|\n/);
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}

function parameter(value: WireValue): readonly unknown[] {
  if (typeof value === 'bigint') return ['bigint', value.toString()];
  if (value instanceof Uint8Array) return ['bytes', ...value];
  return [typeof value, Object.is(value, -0) ? '-0' : value];
}
