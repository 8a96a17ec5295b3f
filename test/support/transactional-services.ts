/**
 * Services with transactional methods. vitest does not lower standard decorators, so this file is only ever compiled by
 * compile-decorated.ts, and brings along all that its tests use.
 */
import { Entity, type EntityManager, integer, text } from '../../src/index.ts';
import { Transactional, transactional } from '../../src/transactional.ts';

export { sqljs } from '../../adapters/sqljs/index.ts';
export { createPersistence } from '../../src/index.ts';
export { createSchema } from '../../src/schema/index.ts';
export { useAmbientScope } from '../../src/transactional.ts';

export class Task extends Entity('tasks', { id: integer().primaryKey().generated(), title: text().unique() }) {}

/** A repository: it holds the EntityManager that it was made with. */
export class Tasks {
  lastAdded = '';
  readonly em: EntityManager;
  constructor(em: EntityManager) {
    this.em = em;
  }
  add(title: string): Task {
    this.lastAdded = title;
    return this.em.create(Task, { title });
  }
  get manager(): EntityManager {
    return this.em;
  }
}

/** A service with an EntityManager, a repository, fields of its own, and a service that refers back to it. */
export class Planner {
  calls = 0;
  last?: string;
  readonly tasks: Tasks;
  private readonly em: EntityManager;
  assistant: Assistant;
  constructor(em: EntityManager) {
    this.em = em;
    this.tasks = new Tasks(em);
    this.assistant = new Assistant(em, this);
  }
  get manager(): EntityManager {
    return this.em;
  }

  @Transactional()
  async plan(titles: readonly string[]): Promise<number> {
    this.calls += 1;
    for (const title of titles) {
      this.last = title;
      this.tasks.add(title);
      await this.em.flush();
    }
    return this.em.count(Task);
  }
  @Transactional()
  async planTwice(title: string): Promise<void> {
    await this.plan([`${title} 1`]);
    await this.assistant.help(`${title} 2`);
    throw new Error('after both');
  }
  @Transactional({ propagation: 'mandatory' })
  async onlyInside(): Promise<void> {}

  @Transactional()
  async managers(): Promise<readonly EntityManager[]> {
    return [
      this.em,
      this.manager,
      this.tasks.em,
      this.tasks.manager,
      this.assistant.em,
      this.assistant.planner.tasks.em,
    ];
  }
  @Transactional()
  async replaceManager(em: EntityManager): Promise<void> {
    Object.assign(this, { em });
  }
  readonly asField = transactional(async function (this: Planner, title: string): Promise<string> {
    await this.plan([title]);
    return title;
  });
}

export class Assistant {
  readonly em: EntityManager;
  readonly planner: Planner;
  constructor(em: EntityManager, planner: Planner) {
    this.em = em;
    this.planner = planner;
  }
  @Transactional()
  async help(title: string): Promise<void> {
    this.em.create(Task, { title });
  }
}

/** Only its repository holds an EntityManager. */
export class Front {
  readonly tasks: Tasks;
  constructor(tasks: Tasks) {
    this.tasks = tasks;
  }
  @Transactional()
  async add(title: string): Promise<void> {
    this.tasks.add(title);
  }
}

export class TwoManagers {
  readonly first: EntityManager;
  readonly second: EntityManager;
  constructor(first: EntityManager, second: EntityManager) {
    this.first = first;
    this.second = second;
  }
  @Transactional()
  async either(): Promise<void> {}
  @Transactional({ on: 'second' })
  async addToSecond(title: string): Promise<void> {
    this.second.create(Task, { title });
    await this.first.count(Task);
  }
  @Transactional({ on: 'third' })
  async misspelt(): Promise<void> {}
}

/** Each method writes first, and uses what only its own instances have then. */
export class WithPrivateState {
  #count = 0;
  reached = 0;
  readonly em: EntityManager;
  constructor(em: EntityManager) {
    this.em = em;
  }
  #note(): void {
    this.#count += 1;
  }
  get #half(): number {
    return this.#count / 2;
  }
  async #wait(): Promise<void> {
    await this.em.flush();
  }
  @Transactional()
  async readsField(): Promise<number> {
    this.reached += 1;
    this.em.create(Task, { title: 'half' });
    await this.em.flush();
    return this.#count;
  }
  @Transactional()
  async callsMethod(): Promise<void> {
    this.reached += 1;
    this.em.create(Task, { title: 'half' });
    await this.em.flush();
    this.#note();
  }
  @Transactional()
  async readsAccessor(): Promise<number> {
    this.reached += 1;
    this.em.create(Task, { title: 'half' });
    await this.em.flush();
    return this.#half;
  }
  @Transactional()
  async callsAsyncMethod(): Promise<void> {
    this.reached += 1;
    this.em.create(Task, { title: 'half' });
    await this.#wait();
  }
}

/** Inherits the private state. */
export class InheritsPrivateState extends WithPrivateState {
  @Transactional()
  async harmless(): Promise<void> {}
}

/** Its repository has private state, which it has not itself. */
export class HoldsPrivateState {
  readonly repository: WithPrivateState;
  constructor(repository: WithPrivateState) {
    this.repository = repository;
  }
  @Transactional()
  async use(): Promise<void> {}
}

/** No EntityManager at all: only an ambient scope can have one. */
export class Detached {
  #secret = 'kept';
  readonly manager: () => EntityManager;
  constructor(manager: () => EntityManager) {
    this.manager = manager;
  }
  @Transactional()
  async add(): Promise<string> {
    this.manager().create(Task, { title: this.#secret });
    return this.#secret;
  }
}
