import type { DatabaseCheck, DatabaseColumn } from '../../../schema/database-model.ts';
import { quote } from '../quote.ts';
import { readShowCreate, type ShowCreateReader } from './show-create-reader.ts';

/** A column of SHOW CREATE TABLE, and the checks that MariaDB keeps at it. */
export interface ParsedColumn {
  readonly column: DatabaseColumn;
  readonly checks: readonly DatabaseCheck[];
}

/** What has been read of a column. */
interface Draft {
  readonly name: string;
  readonly type: string[];
  readonly checks: string[];
  charset: string | null;
  collation: string | null;
  computed: DatabaseColumn['computed'];
  nullable: boolean;
  isCounting: boolean;
  filled: string | null;
  onUpdate: string | null;
  comment: string | null;
}

/** What stands behind the type of a column, and how it is read. */
const ATTRIBUTES: readonly (readonly [words: string, read: (draft: Draft, reader: ShowCreateReader) => void])[] = [
  ['CHARACTER SET', (draft, reader) => (draft.charset = reader.piece())],
  ['COLLATE', (draft, reader) => (draft.collation = reader.piece())],
  ['GENERATED ALWAYS AS', readComputed],
  ['NOT NULL', (draft) => (draft.nullable = false)],
  ['NULL', () => undefined],
  ['AUTO_INCREMENT', (draft) => (draft.isCounting = true)],
  ['DEFAULT', (draft, reader) => (draft.filled = reader.piece())],
  ['ON UPDATE', (draft, reader) => (draft.onUpdate = reader.piece())],
  ['COMMENT', (draft, reader) => (draft.comment = reader.text())],
  ['CHECK', (draft, reader) => draft.checks.push(reader.group())],
];

function readComputed(draft: Draft, reader: ShowCreateReader): void {
  const expression = reader.group();
  draft.computed = { expression, stored: !reader.take('VIRTUAL') };
  if (draft.computed.stored && !reader.take('STORED')) reader.take('PERSISTENT');
}

/**
 * Reads a column. Whatever has no place in the model stays with the type, as the word INVISIBLE does, so that it is not lost
 * where the column is written again.
 *
 * @param collations - the default collation of each character set
 */
export function parseColumn(
  line: string,
  tableCollation: string,
  collations: ReadonlyMap<string, string>,
): ParsedColumn {
  const reader = readShowCreate(line);
  const draft: Draft = {
    name: reader.name(),
    type: [],
    checks: [],
    charset: null,
    collation: null,
    computed: null,
    nullable: true,
    isCounting: false,
    filled: null,
    onUpdate: null,
    comment: null,
  };
  while (!reader.atEnd()) {
    const attribute = ATTRIBUTES.find(([words]) => reader.take(words));
    if (attribute === undefined) draft.type.push(reader.piece());
    else attribute[1](draft, reader);
  }
  const collation = draft.collation ?? collations.get(draft.charset ?? '') ?? null;
  return finished(draft, collation === tableCollation ? null : collation);
}

function finished(draft: Draft, collation: string | null): ParsedColumn {
  const { name, computed, nullable, isCounting, filled, onUpdate, comment, checks } = draft;
  const type = draft.type.join(' ');
  // What MariaDB makes of the type JSON (https://mariadb.com/kb/en/json-data-type/).
  const isJson = type === 'longtext' && checks.length === 1 && checks[0] === `json_valid(${quote(name)})`;
  const column = {
    name,
    type: isJson ? 'json' : type,
    nullable,
    default: filled === 'NULL' ? null : filled,
    generated: isCounting ? ('auto-increment' as const) : null,
    computed,
    collation: isJson ? null : collation,
    onUpdate,
    comment,
  };
  return { column, checks: isJson ? [] : checks.map((expression) => ({ name: null, expression })) };
}
