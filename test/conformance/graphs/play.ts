import { expect } from 'vitest';
import type { MemoryDriver } from '../../../adapters/memory/index.ts';
import type { Persistence } from '../../../src/index.ts';
import type { Driver } from '../../../src/port.ts';
import { compareEntities, compareRows, readAll } from './compare.ts';
import type { Edit } from './edits.ts';
import { Game } from './game.ts';
import { copyState, type Problem, settle, type Thing } from './reference.ts';
import { RULES, type Rule, rulesOf } from './rules.ts';

/** An empty database whose driver can be made to fail. */
export interface Board {
  readonly db: Persistence;
  readonly driver: MemoryDriver<Driver>;
}

/** Counts the flushes that were made and checked. */
export interface Score {
  flushes: number;
}

/** Makes a sequence of edits, and checks database and memory after each flush. */
export async function play({ db, driver }: Board, edits: readonly Edit[], score: Score): Promise<void> {
  const game = new Game(db);
  const player = new Player(game, driver, score);
  for (const edit of edits) await player.make(edit);
  await player.flush();
}

class RolledBack extends Error {}

class Player {
  readonly #game: Game;
  readonly #driver: MemoryDriver<Driver>;
  readonly #score: Score;

  constructor(game: Game, driver: MemoryDriver<Driver>, score: Score) {
    this.#game = game;
    this.#driver = driver;
    this.#score = score;
  }

  async make(edit: Edit): Promise<void> {
    const game = this.#game;
    switch (edit.op) {
      case 'create':
        return game.create(edit.kind, edit.refs, edit.way);
      case 'rename':
      case 'remove':
      case 'takeBack':
      case 'revertOne':
      case 'refresh':
      case 'load':
        return game[edit.op](edit.pick);
      case 'recode':
        return game.recode(edit.pick, edit.code);
      case 'refer':
      case 'add':
      case 'drop':
        return game[edit.op](ruleOf(edit), edit.pick, edit.target);
      case 'setItems':
        return game.setItems(ruleOf(edit), edit.pick, edit.mask);
      case 'link':
      case 'unlink':
        return game.link(edit.pick, edit.target, edit.side, edit.op === 'link');
      case 'setLinks':
        return game.setLinks(edit.pick, edit.side, edit.mask);
      case 'revert':
        return game.revert();
      case 'flush':
        return this.flush();
      case 'failingFlush':
        return this.#failingFlush(edit.at);
      case 'reload':
        return this.#reload();
      case 'transaction':
        return this.#transaction(edit.edits, edit.commits);
    }
  }

  /** Writes what is wanted, after what cannot be written was refused and put right. */
  async flush(): Promise<void> {
    const game = this.#game;
    for (let tries = 0; ; tries += 1) {
      const { problems } = settle(game.wanted, game.written);
      if (problems.length === 0) break;
      if (tries > 20) throw new Error('the game cannot put its state right');
      await expect(game.em.flush(), `refused: ${namesOf(problems)}`).rejects.toThrow();
      await this.#unchanged();
      for (const problem of problems) this.#putRight(problem);
    }
    await game.em.flush();
    game.settled();
    await this.#written();
  }

  async #failingFlush(at: number): Promise<void> {
    const game = this.#game;
    if (settle(game.wanted, game.written).problems.length > 0) return this.flush();
    const fault = this.#driver.fail({ at: at + 1 });
    let failed = false;
    try {
      await game.em.flush();
    } catch (error) {
      if (!fault.raised) throw error;
      failed = true;
    } finally {
      fault.cancel();
    }
    if (!failed) {
      game.settled();
      return this.#written();
    }
    await this.#unchanged();
  }

  async #unchanged(): Promise<void> {
    const game = this.#game;
    compareEntities(game, game.wanted, 'the entities whose flush was undone');
    if (game.gone === null) await compareRows(game.db, game.written);
  }

  /** After a flush rows, entities and what another EntityManager reads are the same, and nothing is left to write. */
  async #written(): Promise<void> {
    const game = this.#game;
    this.#score.flushes += 1;
    compareEntities(game, game.written, 'the entities that were flushed');
    this.#driver.forget();
    await game.em.flush();
    expect(this.#driver.texts, 'statements of a second flush').toEqual([]);
    // Others see nothing of an open transaction, or wait for it.
    if (game.gone !== null) return;
    await compareRows(game.db, game.written);
    const em = game.db.em();
    const entities = await readAll(em, true);
    compareEntities({ em, entities, written: game.written }, game.written, 'the entities that another one reads');
  }

  async #reload(): Promise<void> {
    const game = this.#game;
    // Entities that were loaded before a rollback would be others than those after it.
    if (game.gone !== null) return;
    game.em.clear();
    game.entities.clear();
    game.wanted = copyState(game.written);
    for (const [label, entity] of await readAll(game.em, false)) game.entities.set(label, entity);
    compareEntities(game, game.written, 'the entities that were loaded again');
  }

  async #transaction(edits: readonly Edit[], commits: boolean): Promise<void> {
    const game = this.#game;
    const { em: outer, written, gone } = game;
    const isStored = new Set(written.things.keys());
    const pending = new Set([...game.wanted.things.keys()].filter((label) => !isStored.has(label)));
    game.gone = new Map();
    const work = outer.transaction(async (tx) => {
      game.em = tx;
      for (const edit of edits) await this.make(edit);
      await this.flush();
      if (!commits) throw new RolledBack('rolled back');
    });
    await work.catch((error) => {
      if (commits || !(error instanceof RolledBack)) throw error;
    });
    const left = game.gone;
    game.em = outer;
    game.gone = gone;
    if (commits) {
      for (const [label, entry] of left) gone?.set(label, entry);
      return this.#written();
    }
    game.written = copyState(written);
    this.#bringBack(left, pending);
    await this.#unchanged();
  }

  // What went in a transaction that was rolled back is to be removed again, where it was stored before.
  #bringBack(left: NonNullable<Game['gone']>, pending: ReadonlySet<number>): void {
    const { wanted, written } = this.#game;
    // Somebody removed them, and they are new again: as when they are removed before any flush, what goes along goes too.
    const forgotten = new Set<number>();
    for (const { thing, removal } of left.values()) {
      const isStored = written.things.has(thing.label);
      if (!isStored && removal === 'asked') {
        forgotten.add(thing.label);
        continue;
      }
      wanted.things.set(thing.label, thing);
      if (removal !== undefined) wanted.removals.set(thing.label, removal);
    }
    const isLost = (thing: Thing): boolean =>
      !written.things.has(thing.label) &&
      left.has(thing.label) &&
      rulesOf(thing.kind).some((rule) => {
        const target = thing.refs.get(rule.relation) ?? -1;
        if (!rule.cascadesRemoval || wanted.things.has(target)) return false;
        return forgotten.has(target) || !pending.has(thing.label);
      });
    for (let lost = true; lost; ) {
      const found = [...wanted.things.values()].find(isLost);
      if (found !== undefined) {
        wanted.things.delete(found.label);
        forgotten.add(found.label);
      }
      lost = found !== undefined;
    }
    for (const { links } of left.values()) {
      for (const pair of links) if (pair.every((end) => wanted.things.has(end))) wanted.links.set(pair.join('-'), pair);
    }
  }

  #putRight(problem: Problem): void {
    const game = this.#game;
    const thing = game.wanted.things.get(problem.thing.label);
    if (thing === undefined) return;
    if (problem.kind === 'taken') game.setCode(thing, null);
    else if (problem.rule.nullable) game.referTo(problem.rule, thing, null);
    else this.#findTarget(problem.rule, thing);
  }

  #findTarget(rule: Rule, thing: Thing): void {
    const game = this.#game;
    if (game.live(rule.target).length === 0) game.create(rule.target, [], 0);
    const [target] = game.live(rule.target);
    if (target !== undefined && !rule.inKey) game.referTo(rule, thing, target);
    else game.remove(game.live().indexOf(thing));
  }
}

const ruleOf = ({ rule }: { readonly rule: number }): Rule => RULES[rule % RULES.length] as Rule;

const namesOf = (problems: readonly Problem[]): string =>
  problems
    .map(
      (problem) =>
        `${problem.thing.kind} ${problem.thing.label} ${problem.kind === 'dangling' ? problem.rule.relation : 'code'}`,
    )
    .join(', ');
