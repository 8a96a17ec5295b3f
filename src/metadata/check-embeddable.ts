import type { EmbeddedValue } from './embedded-value.ts';
import { misdeclared } from './entity-error.ts';

/** Makes an object of an embeddable class, as loading does, and refuses what cannot work. Throws `configuration`. */
export function probeEmbeddable(value: EmbeddedValue, table: string, path: string): void {
  const fields = construct(value, table, path);
  const declared = 'columns' in value.target;
  for (const { property, definition, value: inner } of value.members) {
    const own = `${path}.${property}`;
    if (declared && Object.hasOwn(fields, property))
      throw misdeclared(
        table,
        own,
        `the field hides the column of this name; use \`declare ${property}\` in the class`,
      );
    const { primary, generated, version, softDelete, lazy } = definition;
    if (primary || generated || version || (softDelete ?? lazy) !== undefined) {
      throw misdeclared(
        table,
        own,
        'an embedded value has no key, no generated column, no version, no softDelete() and no lazy()',
      );
    }
    // The value is made by the application, which may put it into a row at any time.
    if (definition.default?.kind === 'now' || definition.default?.kind === 'database' || definition.onUpdateNow)
      throw misdeclared(table, own, 'in an embedded value only the application fills columns: .default(() => …)');
    if (inner !== undefined) probeEmbeddable(inner, table, own);
  }
}

function construct({ target }: EmbeddedValue, table: string, path: string): object {
  try {
    return new target();
  } catch (cause) {
    const problem = 'the constructor must work without arguments, because loading constructs embedded values; it threw';
    throw misdeclared(table, path, problem, cause);
  }
}
