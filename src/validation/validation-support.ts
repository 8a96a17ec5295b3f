import type { AnyCheck, CheckIssue } from '../codec/check.ts';
import type { ValidationProblem } from '../errors.ts';
import { declarationOf } from '../metadata/entity-declaration.ts';
import { misdeclared } from '../metadata/entity-error.ts';
import type { ColumnMetadata, EntityMetadata } from '../metadata/entity-metadata.ts';
import { entityProblem } from '../unit-of-work/entity-problem.ts';
import type { UnitOfWork } from '../unit-of-work/unit-of-work.ts';
import type { ValidationSupport } from '../unit-of-work/validation-support.ts';
import { type WrittenEntity, writtenEntities } from '../unit-of-work/written-entities.ts';

/** Runs checks. */
export const validationSupport: ValidationSupport = {
  verify({ entities }) {
    for (const meta of entities) {
      for (const column of meta.properties.values()) verifyColumn(meta, column);
      for (const check of checksOf(meta)) {
        refuseOther(meta, null, check);
        if (check.columns !== null) throw misdeclared(meta.table, null, 'a check of the entity is for a column');
      }
    }
  },
  problems: (unit, cascaded) => judge(unit, writtenEntities(unit, cascaded)),
  judge,
};

async function judge(unit: UnitOfWork, written: readonly WrittenEntity[]): Promise<ValidationProblem[]> {
  const answers = new Answers(unit);
  answers.begin(written);
  return answers.all();
}

function checksOf({ target }: EntityMetadata): readonly AnyCheck[] {
  return declarationOf(target)?.options.checks ?? [];
}

function verifyColumn(meta: EntityMetadata, { property, type, checks }: ColumnMetadata): void {
  for (const check of checks) {
    refuseOther(meta, property, check);
    if (check.columns === null || check.columns.includes(type.name)) continue;
    const kinds = check.columns.join(', ');
    throw misdeclared(meta.table, property, `the check is for columns of type ${kinds}, and this one is ${type.name}`);
  }
}

function refuseOther(meta: EntityMetadata, property: string | null, check: Partial<AnyCheck> | null | undefined): void {
  if (typeof check?.test === 'function') return;
  throw misdeclared(meta.table, property, 'check() takes what the functions of meshestra/validation make');
}

/** What checks answer: some at once, others later. */
class Answers {
  readonly #unit: UnitOfWork;
  readonly #answers: (ValidationProblem[] | Promise<ValidationProblem[]>)[] = [];
  #later = false;

  constructor(unit: UnitOfWork) {
    this.#unit = unit;
  }

  begin(written: readonly WrittenEntity[]): void {
    try {
      for (const one of written) this.#judge(one);
    } catch (error) {
      // The others are not waited for any more.
      for (const answer of this.#answers) if (answer instanceof Promise) answer.catch(() => undefined);
      throw error;
    }
  }

  async all(): Promise<ValidationProblem[]> {
    const answers = this.#later ? await Promise.all(this.#answers) : this.#answers;
    return (answers as ValidationProblem[][]).flat();
  }

  #judge(written: WrittenEntity): void {
    const { entity, meta, columns } = written;
    for (const { property, codec, checks } of columns) {
      const value: unknown = Reflect.get(entity, property);
      // What is missing, or is no value of the column, is found elsewhere.
      if (checks.length === 0 || value == null || !isValue(codec, value)) continue;
      for (const check of checks) this.#ask(written, check, value, [property]);
    }
    const checks = checksOf(meta);
    if (checks.length === 0) return;
    const row = plainRow(meta, entity);
    if (row !== null) for (const check of checks) this.#ask(written, check, row, []);
  }

  #ask(written: WrittenEntity, check: AnyCheck, value: unknown, place: readonly string[]): void {
    const told = (issues: readonly CheckIssue[]) =>
      issues.map(({ message, path }) => entityProblem(this.#unit, written, [...place, ...path], message));
    const answer = check.test(value as never);
    if (answer instanceof Promise) {
      this.#later = true;
      this.#answers.push(answer.then(told));
    } else if (answer.length > 0) this.#answers.push(told(answer));
  }
}

function isValue(codec: ColumnMetadata['codec'], value: unknown): boolean {
  try {
    codec.encode(value);
    return true;
  } catch {
    return false;
  }
}

/** The columns of an entity by property, without those that have no value yet; null where one is no value of its column. */
function plainRow({ properties }: EntityMetadata, entity: object): Record<string, unknown> | null {
  const row: Record<string, unknown> = {};
  for (const { property, codec } of properties.values()) {
    const value: unknown = Reflect.get(entity, property);
    if (value === undefined) continue;
    if (value !== null && !isValue(codec, value)) return null;
    // A column of an embedded value stands for the value, which it is a part of.
    const [name = property] = Object.hasOwn(entity, property) ? [property] : property.split('.');
    row[name] = Reflect.get(entity, name);
  }
  return row;
}
