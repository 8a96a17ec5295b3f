import type { ValidationProblem } from '../errors.ts';
import type { Registry } from '../metadata/registry.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import type { WrittenEntity } from './written-entities.ts';

/** What runs the checks of columns and entities: the checks bring it, so that a program without does not hold it. */
export interface ValidationSupport {
  /** Refuses checks that cannot judge what they were given to. Throws `configuration`. */
  verify(registry: Registry): void;
  /**
   * What is wrong with the entities that a flush would write. All that is judged is read before anything is waited for.
   *
   * @param cascaded - entities that go along with removed ones
   */
  problems(unit: UnitOfWork, cascaded: ReadonlySet<object>): Promise<readonly ValidationProblem[]>;
  /** The same of entities that are written otherwise. */
  judge(unit: UnitOfWork, written: readonly WrittenEntity[]): Promise<readonly ValidationProblem[]>;
}
