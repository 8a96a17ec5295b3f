import type { EntityClass, EntityManager, Persistence } from '../../../src/index.ts';
import { Badge, Folder, Lead, Member, Note, Seat, Skill, Team } from './model.ts';
import {
  copyState,
  dropLinks,
  emptyState,
  goneIn,
  leave,
  type Removal,
  refer,
  revertThing,
  type State,
  settle,
  type Thing,
} from './reference.ts';
import { type Kind, RULES, type Rule, rulesOf } from './rules.ts';

export interface One {
  readonly isLoaded: boolean;
  readonly id: unknown;
  get(): object | null;
  set(value: object | null): void;
  load(): Promise<object | null>;
}
export interface Many {
  readonly isLoaded: boolean;
  toArray(): object[];
  add(...items: object[]): void;
  remove(...items: object[]): void;
  set(items: readonly object[]): void;
  clear(): void;
  load(): Promise<readonly object[]>;
}

const CLASSES = { team: Team, member: Member, note: Note, badge: Badge, seat: Seat, folder: Folder, skill: Skill };

const classOf = ({ kind, lead }: Pick<Thing, 'kind' | 'lead'>) => (lead ? Lead : CLASSES[kind]) as EntityClass;

export const one = (entity: object, relation: string): One => Reflect.get(entity, relation) as One;
export const many = (entity: object, relation: string): Many => Reflect.get(entity, relation) as Many;

const columnsOf = ({ kind, lead, name, no, label }: Thing): object => ({
  name,
  ...(lead ? { budget: label } : {}),
  ...(kind === 'seat' ? { no } : {}),
});

/** The n-th of those there are, or undefined where there are none. */
const nth = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(list.length, 1)];

/** What a flush took away, and what its links were to be. */
export interface Gone {
  readonly thing: Thing;
  readonly removal: Removal | undefined;
  readonly links: readonly (readonly [member: number, skill: number])[];
}

/** The entities of one EntityManager, beside what the reference says of them. Each edit is made to both. */
export class Game {
  readonly db: Persistence;
  /** The handle to use: the EntityManager, or that of the open transaction. */
  em: EntityManager;
  wanted: State = emptyState();
  written: State = emptyState();
  readonly entities = new Map<number, object>();
  /** What left the reference since the open transaction began, and why. */
  gone: Map<number, Gone> | null = null;
  #labels = 0;

  constructor(db: Persistence) {
    this.db = db;
    this.em = db.em();
  }

  entity(label: number): object {
    const entity = this.entities.get(label);
    if (entity === undefined) throw new Error(`no entity of ${label}`);
    return entity;
  }

  /** The things that are not to be removed. */
  live(kind?: Kind): Thing[] {
    return [...this.wanted.things.values()].filter(
      (thing) => (kind === undefined || thing.kind === kind) && !this.wanted.removals.has(thing.label),
    );
  }

  isStored({ label }: Thing): boolean {
    return this.written.things.has(label);
  }

  create(kind: Kind, picks: readonly number[], way: number): void {
    const refs = this.#chooseRefs(kind, picks);
    const no = this.#labels % 4;
    if (refs === null || (kind === 'seat' && this.#isTaken(refs.get('team') ?? null, no))) return;
    this.#labels += 1;
    const label = this.#labels;
    const lead = kind === 'member' && label % 2 === 0;
    const thing: Thing = { label, kind, lead, no, name: `${label}`, code: null, refs, version: 0 };
    this.wanted.things.set(label, thing);
    const owner = rulesOf(kind).find((rule) => rule.cascadesPersist && (refs.get(rule.relation) ?? null) !== null);
    if (way === 0 || owner === undefined) this.#createItself(thing);
    else this.#createByCascade(thing, owner);
  }

  // Null where something that it has to refer to is not there.
  #chooseRefs(kind: Kind, picks: readonly number[]): Map<string, number | null> | null {
    const refs = new Map<string, number | null>();
    for (const [place, rule] of rulesOf(kind).entries()) {
      const pick = picks[place] ?? 0;
      const target = rule.nullable && pick % 3 === 0 ? undefined : nth(this.#owners(rule), pick);
      if (target === undefined && !rule.nullable) return null;
      refs.set(rule.relation, target?.label ?? null);
    }
    return refs;
  }

  #createItself(thing: Thing): void {
    const related = [...thing.refs].flatMap(([relation, target]) =>
      target === null ? [] : [[relation, this.entity(target)]],
    );
    const values = { ...columnsOf(thing), ...Object.fromEntries(related) };
    this.entities.set(thing.label, this.em.create(classOf(thing), values as never));
  }

  // Only its owner's collection is told of it.
  #createByCascade(thing: Thing, owner: Rule): void {
    const entity = new (classOf(thing) as new (values: object) => object)(columnsOf(thing));
    this.entities.set(thing.label, entity);
    for (const [relation, target] of thing.refs) {
      if (target === null) continue;
      if (relation === owner.relation) this.#giveTo(owner, this.entity(target), entity);
      else one(entity, relation).set(this.entity(target));
    }
  }

  rename(pick: number): void {
    const thing = nth(this.live(), pick);
    if (thing === undefined) return;
    thing.name += '+';
    Reflect.set(this.entity(thing.label), 'name', thing.name);
  }

  recode(pick: number, code: number): void {
    const thing = nth(this.live('skill'), pick);
    if (thing === undefined) return;
    this.setCode(thing, code === 0 ? null : `${this.#labels}-${pick}-${code}`);
  }

  setCode(thing: Thing, code: string | null): void {
    thing.code = code;
    Reflect.set(this.entity(thing.label), 'code', code);
  }

  refer(rule: Rule, pick: number, target: number): void {
    const holder = nth(this.live(rule.holder), pick);
    if (rule.inKey || holder === undefined) return;
    const owner = rule.nullable && target % 4 === 0 ? null : nth(this.#owners(rule), target);
    if (owner === undefined) return;
    this.referTo(rule, holder, owner);
  }

  referTo(rule: Rule, holder: Thing, owner: Thing | null): void {
    refer(this.wanted, rule, holder, owner?.label ?? null);
    one(this.entity(holder.label), rule.relation).set(owner === null ? null : this.entity(owner.label));
  }

  add(rule: Rule, pick: number, target: number): void {
    const orphans = [...this.wanted.removals].flatMap(([label, removal]) => (removal === 'orphan' ? [label] : []));
    const items = [...this.live(rule.holder), ...orphans.flatMap((label) => this.wanted.things.get(label) ?? [])];
    const holder = nth(
      items.filter(({ kind }) => kind === rule.holder),
      pick,
    );
    const owner = nth(this.#owners(rule), target);
    if (rule.inKey || holder === undefined || owner === undefined) return;
    refer(this.wanted, rule, holder, owner.label);
    this.#giveTo(rule, this.entity(owner.label), this.entity(holder.label));
  }

  async drop(rule: Rule, pick: number, target: number): Promise<void> {
    const owner = nth(this.live(rule.target), target);
    const holder = nth(this.live(rule.holder), pick);
    if (rule.inKey || holder === undefined || owner === undefined) return;
    const isThere = holder.refs.get(rule.relation) === owner.label;
    if (isThere) leave(this.wanted, rule, holder);
    const entity = this.entity(owner.label);
    if (rule.many) many(entity, rule.inverse).remove(this.entity(holder.label));
    else if (isThere) {
      await one(entity, rule.inverse).load();
      one(entity, rule.inverse).set(null);
    }
  }

  async setItems(rule: Rule, pick: number, mask: number): Promise<void> {
    const owner = nth(this.live(rule.target), pick);
    if (rule.inKey || !rule.many || owner === undefined) return;
    const wanted = this.live(rule.holder).filter((_, place) => ((mask >> (place % 8)) & 1) === 1);
    const field = many(this.entity(owner.label), rule.inverse);
    await field.load();
    for (const thing of this.wanted.things.values()) {
      const isThere = thing.kind === rule.holder && thing.refs.get(rule.relation) === owner.label;
      if (isThere && !wanted.includes(thing)) leave(this.wanted, rule, thing);
    }
    for (const thing of wanted) refer(this.wanted, rule, thing, owner.label);
    if (wanted.length === 0) field.clear();
    else field.set(wanted.map(({ label }) => this.entity(label)));
  }

  link(pick: number, target: number, side: boolean, present: boolean): void {
    const member = nth(this.live('member'), pick);
    const skill = nth(this.live('skill'), target);
    if (member === undefined || skill === undefined) return;
    const name = `${member.label}-${skill.label}`;
    if (present) this.wanted.links.set(name, [member.label, skill.label]);
    else this.wanted.links.delete(name);
    const [owner, item] = side ? [member, skill] : [skill, member];
    const field = many(this.entity(owner.label), side ? 'skills' : 'members');
    if (present) field.add(this.entity(item.label));
    else field.remove(this.entity(item.label));
  }

  async setLinks(pick: number, side: boolean, mask: number): Promise<void> {
    const owner = nth(this.live(side ? 'member' : 'skill'), pick);
    if (owner === undefined) return;
    const items = this.live(side ? 'skill' : 'member').filter((_, place) => ((mask >> (place % 8)) & 1) === 1);
    const field = many(this.entity(owner.label), side ? 'skills' : 'members');
    await field.load();
    for (const [name, pair] of [...this.wanted.links])
      if (pair[side ? 0 : 1] === owner.label) this.wanted.links.delete(name);
    for (const { label } of items) {
      const pair = side ? ([owner.label, label] as const) : ([label, owner.label] as const);
      this.wanted.links.set(pair.join('-'), pair);
    }
    if (items.length === 0) field.clear();
    else field.set(items.map(({ label }) => this.entity(label)));
  }

  remove(pick: number): void {
    const thing = nth(this.live(), pick);
    if (thing === undefined) return;
    const { label } = thing;
    if (this.isStored(thing)) {
      this.wanted.removals.set(label, 'asked');
    } else {
      const along = goneIn({ ...this.wanted, removals: new Map([[label, 'asked']]) });
      // Removing what is not stored yet cannot remove what is.
      if ([...along].some((other) => this.written.things.has(other))) return;
      for (const other of along) this.#forget(other);
    }
    this.em.remove(this.entity(label));
  }

  takeBack(pick: number): void {
    const label = nth([...this.wanted.removals.keys()], pick);
    if (label === undefined || this.#isReplaced(label)) return;
    this.wanted.removals.delete(label);
    this.em.persist(this.entity(label));
  }

  revertOne(pick: number): void {
    const thing = nth([...this.wanted.things.values()], pick);
    if (thing === undefined || this.#isReplaced(thing.label)) return;
    if (this.isStored(thing)) revertThing(this.wanted, this.written, thing.label);
    else this.#forget(thing.label);
    this.em.revert(this.entity(thing.label));
  }

  revert(): void {
    this.wanted = copyState(this.written);
    this.em.revert();
  }

  async refresh(pick: number): Promise<void> {
    const thing = nth(
      [...this.wanted.things.values()].filter((each) => this.isStored(each)),
      pick,
    );
    if (thing === undefined) return;
    revertThing(this.wanted, this.written, thing.label);
    await this.em.refresh(this.entity(thing.label));
  }

  async load(pick: number): Promise<void> {
    const rule = nth(RULES, pick) as Rule;
    const owner = nth(this.live(rule.target), pick);
    if (owner !== undefined && rule.many) await many(this.entity(owner.label), rule.inverse).load();
    const member = nth(this.live('member'), pick);
    if (member !== undefined) await many(this.entity(member.label), 'skills').load();
  }

  /** Notes that what is wanted was written. */
  settled(): void {
    const gone = goneIn(this.wanted);
    for (const label of gone) {
      const thing = this.wanted.things.get(label);
      const links = [...this.wanted.links.values()].filter((pair) => pair.includes(label));
      if (thing !== undefined) this.gone?.set(label, { thing, removal: this.wanted.removals.get(label), links });
    }
    const { next } = settle(this.wanted, this.written);
    this.written = next;
    this.wanted = copyState(next);
  }

  // A thing that is not to be inserted any more; what refers to it refers to nothing.
  #forget(label: number): void {
    this.wanted.things.delete(label);
    this.wanted.removals.delete(label);
    dropLinks(this.wanted, label);
  }

  #giveTo(rule: Rule, owner: object, item: object): void {
    if (rule.many) many(owner, rule.inverse).add(item);
    else one(owner, rule.inverse).set(item);
  }

  #owners(rule: Rule): Thing[] {
    return this.live(rule.target).filter((target) => this.#isFree(rule, target));
  }

  // A one-to-one that somebody has, in the database or in memory.
  #isFree(rule: Rule, target: Thing): boolean {
    if (rule.many) return true;
    const holds = (thing: Thing) => thing.kind === rule.holder && thing.refs.get(rule.relation) === target.label;
    return ![this.wanted, this.written].some(({ things }) => [...things.values()].some(holds));
  }

  // Who took the place of a removed one in a one-to-one would be in its way if it came back.
  #isReplaced(label: number): boolean {
    const { removals, things } = this.wanted;
    const thing = things.get(label);
    if (thing === undefined || !removals.has(label)) return false;
    const isSame = (other: Thing, { relation }: Rule): boolean => other.refs.get(relation) === thing.refs.get(relation);
    return rulesOf(thing.kind).some(
      (rule) =>
        !rule.many &&
        thing.refs.get(rule.relation) !== null &&
        this.live(rule.holder).some((other) => other !== thing && isSame(other, rule)),
    );
  }

  #isTaken(team: number | null, no: number): boolean {
    const has = (thing: Thing) => thing.kind === 'seat' && thing.no === no && thing.refs.get('team') === team;
    return [this.wanted, this.written].some(({ things }) => [...things.values()].some(has));
  }
}
