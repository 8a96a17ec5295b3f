import { describe, expect, it } from 'vitest';
import { type AnyColumn, Embeddable, Entity, embedded, integer, softDelete, subtype } from '../../../src/index.ts';
import { deriveSchema } from '../../../src/schema/derive-schema.ts';
import { type Refusal, refusalOf, registryOf } from '../../support/registry-of.ts';

const id = { id: integer().primaryKey() };
const refused = (columns: Record<string, AnyColumn>): Refusal =>
  refusalOf(() => registryOf(class extends Entity('things', { ...id, ...columns }) {}));

describe('softDelete()', () => {
  it('is a column that may be NULL, for the whole hierarchy', () => {
    class Post extends Entity('posts', { ...id, gone: softDelete().column('removed_at') }) {}
    class Novel extends subtype(Post, 'novel', { pages: integer() }) {}
    const registry = registryOf(Post, Novel);
    expect(registry.get(Novel).root.softDelete?.column).toMatchObject({ property: 'gone', name: 'removed_at' });
    const [table] = deriveSchema(registry).tables;
    expect(table?.columns.find(({ name }) => name === 'removed_at')).toMatchObject({
      nullable: true,
      type: { name: 'datetime' },
    });
  });

  it.each<[string, () => Refusal, RegExp]>([
    ['a second one', () => refused({ a: softDelete(), b: softDelete() }), /already/],
    ['a unique one', () => refused({ a: softDelete().unique() }), /NULL until/],
    ['one with a default', () => refused({ a: softDelete().default(new Date(0)) }), /NULL until/],
    [
      'one in an embedded value',
      () => refused({ a: embedded(class extends Embeddable({ b: softDelete() }) {}) }),
      /no/,
    ],
    [
      'one of a subtype',
      () => {
        class Post extends Entity('posts', id) {}
        return refusalOf(() => registryOf(Post, class extends subtype(Post, 'x', { a: softDelete() }) {}));
      },
      /top of the hierarchy/,
    ],
  ])('refuses %s', (_title, refusal, message) => {
    expect(refusal()).toMatchObject({ code: 'configuration' });
    expect(refusal().message).toMatch(message);
  });
});
