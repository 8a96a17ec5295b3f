import type { DatabaseIndex, DatabaseIndexPart } from '../../../schema/database-model.ts';
import { canonicalExpression, joinTokens, nameOf, type SqlToken } from './sql-tokens.ts';
import { TokenReader } from './token-reader.ts';

/** Reads the text of a CREATE INDEX as `sqlite_schema` keeps it. Throws `driver` for a text that is none. */
export function parseIndex(sql: string): DatabaseIndex {
  const reader = new TokenReader(sql);
  reader.expect('CREATE');
  const unique = reader.accepts('UNIQUE');
  reader.expect('INDEX');
  reader.accepts('IF', 'NOT', 'EXISTS');
  let name = reader.name();
  if (reader.accepts('.')) name = reader.name();
  reader.expect('ON');
  reader.name();
  reader.expect('(');
  const parts: DatabaseIndexPart[] = [];
  do parts.push(parsePart(reader.part()));
  while (reader.accepts(','));
  reader.expect(')');
  const where = reader.accepts('WHERE') ? canonicalExpression(joinTokens(reader.rest())) : null;
  return { name, unique, parts, where, method: null, include: [], options: [] };
}

function parsePart(tokens: readonly SqlToken[]): DatabaseIndexPart {
  const direction = tokens.at(-1)?.kind === 'word' ? tokens.at(-1)?.text.toUpperCase() : undefined;
  const hasDirection = tokens.length > 1 && (direction === 'ASC' || direction === 'DESC');
  const rest = hasDirection ? tokens.slice(0, -1) : tokens;
  const isCollated = rest.length > 2 && rest.at(-2)?.kind === 'word' && rest.at(-2)?.text.toUpperCase() === 'COLLATE';
  const operand = isCollated ? rest.slice(0, -2) : rest;
  const [only, ...more] = operand;
  const column = only !== undefined && more.length === 0 ? (nameOf(only) ?? null) : null;
  return {
    column,
    expression: column === null ? canonicalExpression(joinTokens(operand)) : null,
    descending: hasDirection && direction === 'DESC',
    prefix: null,
    suffix: isCollated ? `COLLATE ${rest.at(-1)?.text ?? ''}` : null,
  };
}
