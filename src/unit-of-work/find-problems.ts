import { Reference } from '../criteria/reference.ts';
import { ValidationError, type ValidationProblem } from '../errors.ts';
import { encodeColumn, refuseComputed } from '../metadata/entity-key.ts';
import type { ColumnMetadata, EntityMetadata, RelationMetadata } from '../metadata/entity-metadata.ts';
import { entityProblem } from './entity-problem.ts';
import { PendingRows } from './pending-rows.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { type WrittenEntity, writtenEntities } from './written-entities.ts';

/** How many problems the message of an error names. */
const NAMED = 10;

/**
 * The one error about a flush that cannot be written: all that columns and relations refuse, and what checks found.
 *
 * @param failure - why the flush could not be planned, if it could not; any other error than `validation` is given back
 */
export function validationError(
  unit: UnitOfWork,
  cascaded: ReadonlySet<object>,
  failure: unknown,
  found: readonly ValidationProblem[],
): unknown {
  const known = failure as Partial<ValidationError> | undefined;
  if (failure !== undefined && known?.code !== 'validation') return failure;
  const problems = [...writtenEntities(unit, cascaded).flatMap((one) => problemsOf(unit, one)), ...found];
  // What concerns no single value, such as an item that nobody persists, is a problem like any other.
  if (failure !== undefined && !problems.some((problem) => textOf(problem) === known?.message)) {
    if (problems.length === 0 && known?.property === undefined) return failure;
    problems.unshift(problemOf(failure as ValidationError));
  }
  return errorOf(problems, known?.cause);
}

/** The error that names problems, of which there is one at least. */
export function errorOf(problems: readonly ValidationProblem[], cause?: unknown): ValidationError {
  const [first] = problems;
  const more = problems.length > NAMED ? `; and ${problems.length - NAMED} more` : '';
  const [property] = first?.path ?? [];
  return new ValidationError(`${problems.slice(0, NAMED).map(textOf).join('; ')}${more}`, {
    problems: Object.freeze(problems.slice()),
    cause,
    ...(first === undefined ? {} : { entity: first.entity }),
    ...(property === undefined ? {} : { property: String(property) }),
  });
}

function textOf({ entity, path, message }: ValidationProblem): string {
  return `${[entity, ...path].join('.')}: ${message}`;
}

function problemOf({ entity = '', property, message }: ValidationError): ValidationProblem {
  const path = property === undefined ? [] : [property];
  const start = `${[entity, ...path].join('.')}: `;
  return { entity, key: null, path, message: message.startsWith(start) ? message.slice(start.length) : message };
}

function problemsOf(unit: UnitOfWork, written: WrittenEntity): ValidationProblem[] {
  const { entity, meta, columns } = written;
  const problems: ValidationProblem[] = [];
  for (const column of columns) {
    const flaw = flawOf(meta, column, Reflect.get(entity, column.property), written.row === null);
    if (flaw !== null) problems.push(entityProblem(unit, written, [column.property], flaw));
  }
  for (const [property, flaw] of relationFlaws(unit, written)) {
    problems.push(entityProblem(unit, written, [property], flaw));
  }
  return problems;
}

function flawOf(meta: EntityMetadata, column: ColumnMetadata, value: unknown, isNew: boolean): string | null {
  if (isNew && value === undefined && (column.default !== null || column.version)) return null;
  const isMissing = value === null || value === undefined;
  const flaw = refusal(column.property, meta, () => {
    refuseComputed(meta, column);
    if (!isMissing) encodeColumn(meta, column, value);
  });
  if (flaw !== null || !isMissing) return flaw;
  if (isNew) return column.nullable || column.generated || column.version ? null : 'a value is required';
  if (column.nullable && value === null) return null;
  return column.nullable ? 'undefined is no value; use null' : 'a value is required';
}

/** What is wrong with the foreign keys that are written, by the relation's property. */
function* relationFlaws(unit: UnitOfWork, { entity, meta, row }: WrittenEntity): Generator<readonly [string, string]> {
  if (row !== null && !unit.touched.has(entity)) return;
  for (const relation of unit.hydrator(meta).relations) {
    const flaw =
      relation.kind === 'to-one' ? relationFlaw(unit, relation, Reflect.get(entity, relation.property)) : null;
    if (flaw !== null) yield [relation.property, flaw];
  }
}

function relationFlaw(unit: UnitOfWork, relation: RelationMetadata, field: unknown): string | null {
  const held = field instanceof Reference ? Reference.valueOf(field) : null;
  if (held === null) return relation.nullable ? null : 'a related entity is required';
  if (Reference.stateOf(field as Reference) !== 'entity' || unit.pending.has(held as object)) return null;
  const rows = new PendingRows(unit, () => 0);
  return refusal(relation.property, relation.owner, () => rows.rowOf(relation, held as object));
}

/** What an error about a property says, without the names that it begins with. */
function refusal(property: string, { table }: EntityMetadata, work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const start = `${table}.${property}: `;
    return error.message.startsWith(start) ? error.message.slice(start.length) : error.message;
  }
}
