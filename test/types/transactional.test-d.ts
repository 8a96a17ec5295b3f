import { expectTypeOf, test } from 'vitest';
import type { EntityManager, TransactionOptions } from '../../src/index.ts';
import { Transactional, transactional } from '../../src/transactional.ts';

class Service {
  declare readonly em: EntityManager;
  @Transactional({ isolation: 'serializable', retry: { attempts: 3, codes: ['deadlock'] }, timeout: 1000 })
  async add(title: string, count = 1): Promise<number> {
    return title.length + count;
  }
  @Transactional()
  async generic<T extends object>(value: T): Promise<T> {
    return value;
  }
  // @ts-expect-error: what ends before its promise cannot be committed after it
  @Transactional()
  atOnce(): number {
    return 1;
  }
  // @ts-expect-error: a field has nothing to run
  @Transactional()
  field = 1;
  // @ts-expect-error: no receiver holds an EntityManager
  @Transactional()
  static async ofTheClass(): Promise<void> {}
  // @ts-expect-error: only its own instance has it, not what is bound to the transaction
  @Transactional()
  async #hidden(): Promise<void> {}
  // @ts-expect-error: no such propagation
  @Transactional({ propagation: 'inherit' })
  async misspelt(): Promise<void> {
    await this.#hidden();
  }
}

test('a transactional method has the types of the method', () => {
  expectTypeOf<Service['add']>().toEqualTypeOf<(title: string, count?: number) => Promise<number>>();
  expectTypeOf<Service['generic']>().toEqualTypeOf<<T extends object>(value: T) => Promise<T>>();
});

test('a transactional function wants its receiver', () => {
  const add = transactional(async function (this: Service, title: string) {
    return this.add(title);
  });
  expectTypeOf(add).toEqualTypeOf<(this: Service, title: string) => Promise<number>>();
  // @ts-expect-error: without a receiver there is no EntityManager
  add('title');
});

test('options of transactions are typed', () => {
  expectTypeOf<{ readOnly: true; propagation: 'requires-new' }>().toExtend<TransactionOptions>();
  // @ts-expect-error: one of the codes of errors
  const options: TransactionOptions = { retry: { codes: ['dead-lock'] } };
  void options;
});
