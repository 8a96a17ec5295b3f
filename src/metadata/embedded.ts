import type { Column } from '../codec/column.ts';
import { builder } from '../codec/column-builder.ts';
import { jsonCodec } from '../codec/json.ts';
import type { Embedded, EmbeddedJson } from '../criteria/embedded-types.ts';
import { ConfigurationError } from '../errors.ts';
import { type EmbeddableClass, embeddableColumns } from './embeddable.ts';
import { expandEmbedded } from './embedded-columns.ts';
import { embeddedJsonCodec } from './embedded-json.ts';
import { EmbeddedValue } from './embedded-value.ts';

/** How an embedded value is kept. */
export interface EmbeddedOptions<A extends 'columns' | 'json' = 'columns' | 'json'> {
  /** `columns`: in a column for each of the embeddable's (the default). `json`: in one JSON column. */
  readonly as?: A;
  /** What the names of its columns begin with; the naming strategy's `address_` unless given. */
  readonly prefix?: string;
}

/**
 * A value of an embeddable class inside of an entity, with columns of its own: `address_street`, `address_city`. It is
 * changed in place (`author.address.city = 'x'` updates that column) or replaced as a whole. `.nullable()` is null as long as
 * all its columns are NULL, so a value in which everything is null is loaded as null. With `{ as: 'json' }` it is one
 * JSON column, compared by value and written as a whole.
 */
export function embedded<T extends object>(
  target: EmbeddableClass<T>,
  options?: EmbeddedOptions<'columns'>,
): Column<Embedded<T>>;
export function embedded<T extends object>(
  target: EmbeddableClass<T>,
  options: EmbeddedOptions<'json'> & { readonly as: 'json' },
): Column<EmbeddedJson<T>>;
export function embedded(target: EmbeddableClass, options: EmbeddedOptions = {}): unknown {
  // A class is undefined here where modules import each other in a circle.
  const columns = target === undefined || target === null ? undefined : embeddableColumns(target);
  if (columns === undefined) {
    throw new ConfigurationError(
      'embedded(): not an embeddable class; extend Embeddable(…) or use @Embeddable, and import it before its use',
    );
  }
  const value = new EmbeddedValue(target, columns, options, expandEmbedded);
  const more = options.as === 'json' ? { embedded: value, wrap: embeddedJsonCodec(value) } : { embedded: value };
  return builder({ name: 'json' }, jsonCodec, null, more);
}
