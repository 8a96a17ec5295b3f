import { expect } from 'vitest';
import { type EntityManager, identifier, type Persistence, sql } from '../../../src/index.ts';
import { many, one } from './game.ts';
import { Badge, Folder, Member, Note, Seat, Skill, Team } from './model.ts';
import type { State, Thing } from './reference.ts';
import { RULES, type Rule, rulesOf } from './rules.ts';

/** The label that an entity has in its name. */
const labelOf = (entity: object): number => Number.parseInt(String(Reflect.get(entity, 'name')), 10);

/** What the reference says, in a form that can be compared. */
function stateLines({ things, links }: State): unknown {
  const lines = [...things.values()].map(({ label, kind, lead, name, code, no, refs, version }) =>
    [
      kind,
      label,
      name,
      ...(kind === 'member' ? [lead, version] : []),
      ...(kind === 'skill' ? [code] : []),
      ...(kind === 'seat' ? [no] : []),
      ...rulesOf(kind).map(({ relation }) => `${relation}: ${refs.get(relation) ?? null}`),
    ].join(' '),
  );
  return { lines: lines.sort(), links: [...links.keys()].sort() };
}

type Rows = readonly (readonly unknown[])[];

/** The rows of the database, read past the unit of work, in the same form. */
async function readRows(db: Persistence): Promise<unknown> {
  const em = db.em();
  const read = async (table: string, ...columns: readonly string[]): Promise<Rows> => {
    // With the table: SQLite takes a quoted name that is no column for a text.
    const names = columns.map((column) => sql`${identifier(table)}.${identifier(column)}`);
    const list = names.reduce((text, name) => sql`${text}, ${name}`);
    const { rows } = await em.execute(sql`SELECT ${list} FROM ${identifier(table)}`);
    return rows;
  };
  const label = (name: unknown) => Number.parseInt(String(name), 10);
  const byId = (rows: Rows) => new Map(rows.map(([id, name]) => [String(id), label(name)]));
  const find = (labels: ReadonlyMap<string, number>, id: unknown) =>
    id === null ? null : (labels.get(String(id)) ?? 'missing');
  const teams = await read('teams', 'id', 'name');
  const members = await read(
    'members',
    'id',
    'name',
    'version',
    'team_id',
    'mentor_id',
    'seat_team_id',
    'seat_no',
    'type',
  );
  const notes = await read('notes', 'id', 'name', 'team_id');
  const badges = await read('badges', 'id', 'name', 'team_id');
  const seats = await read('seats', 'team_id', 'no', 'name');
  const folders = await read('folders', 'id', 'name', 'parent_id');
  const skills = await read('skills', 'id', 'name', 'code');
  const links = await read('member_skills', 'members_id', 'skills_id');
  const [teamOf, memberOf, folderOf, skillOf] = [byId(teams), byId(members), byId(folders), byId(skills)];
  const seatOf = new Map(seats.map(([team, no, name]) => [`${team}/${no}`, label(name)]));
  const lines = [
    ...teams.map(([, name]) => ['team', label(name), name]),
    ...members.map(([, name, version, team, mentor, seatTeam, seatNo, kind]) => [
      'member',
      label(name),
      name,
      kind === 'lead',
      version,
      `team: ${find(teamOf, team)}`,
      `mentor: ${find(memberOf, mentor)}`,
      `seat: ${find(seatOf, seatTeam === null ? null : `${seatTeam}/${seatNo}`)}`,
    ]),
    ...notes.map(([, name, team]) => ['note', label(name), name, `team: ${find(teamOf, team)}`]),
    ...badges.map(([, name, team]) => ['badge', label(name), name, `team: ${find(teamOf, team)}`]),
    ...seats.map(([team, no, name]) => ['seat', label(name), name, no, `team: ${find(teamOf, team)}`]),
    ...folders.map(([, name, parent]) => ['folder', label(name), name, `parent: ${find(folderOf, parent)}`]),
    ...skills.map(([, name, code]) => ['skill', label(name), name, code]),
  ];
  return {
    lines: lines.map((line) => line.join(' ')).sort(),
    links: links.map(([member, skill]) => `${find(memberOf, member)}-${find(skillOf, skill)}`).sort(),
  };
}

/** The rows are what the reference says. */
export async function compareRows(db: Persistence, state: State): Promise<void> {
  expect(await readRows(db), 'the rows').toEqual(stateLines(state));
}

/** The entities of one EntityManager, and the rows that it knows of. */
export interface Known {
  readonly em: EntityManager;
  readonly entities: ReadonlyMap<number, object>;
  readonly written: State;
}

/** The entities are what the reference says, in all that they know; those that are not stored yet have no key. */
export function compareEntities(known: Known, state: State, where: string): void {
  const problems: string[] = [];
  for (const thing of state.things.values()) {
    const entity = known.entities.get(thing.label);
    const view = entity === undefined ? null : new View(known, state, thing, entity);
    if (view === null) problems.push(`${thing.kind} ${thing.label} is missing`);
    else problems.push(...view.problems());
  }
  expect(problems, where).toEqual([]);
}

/** One entity beside what the reference says of it. */
class View {
  readonly #known: Known;
  readonly #state: State;
  readonly #thing: Thing;
  readonly #entity: object;
  readonly #problems: string[] = [];

  constructor(known: Known, state: State, thing: Thing, entity: object) {
    this.#known = known;
    this.#state = state;
    this.#thing = thing;
    this.#entity = entity;
  }

  problems(): readonly string[] {
    const { kind, label, name, code } = this.#thing;
    this.#check('state', this.#known.em.stateOf(this.#entity), this.#lifecycle());
    this.#check('name', Reflect.get(this.#entity, 'name'), name);
    const row = this.#known.written.things.get(label);
    if (kind === 'member') this.#check('version', Reflect.get(this.#entity, 'version'), row?.version);
    if (kind === 'skill') this.#check('code', Reflect.get(this.#entity, 'code'), code);
    if (kind !== 'seat' && row === undefined) this.#check('id', Reflect.get(this.#entity, 'id'), undefined);
    for (const rule of rulesOf(kind)) this.#checkReference(rule);
    for (const rule of RULES) if (rule.target === kind) this.#checkInverse(rule);
    const pairs = [...this.#state.links.values()];
    const skills = pairs.filter(([member]) => member === label).map(([, skill]) => skill);
    const members = pairs.filter(([, skill]) => skill === label).map(([member]) => member);
    if (kind === 'member') this.#checkItems('skills', skills);
    if (kind === 'skill') this.#checkItems('members', members);
    return this.#problems;
  }

  #lifecycle(): string {
    const { label } = this.#thing;
    const removal = this.#state.removals.get(label);
    if (this.#known.written.things.has(label)) return removal === undefined ? 'persistent' : 'deleted';
    return removal === undefined ? 'pending' : 'transient';
  }

  #checkReference({ relation }: Rule): void {
    const target = this.#thing.refs.get(relation) ?? null;
    const wanted = target === null ? null : this.#known.entities.get(target);
    const field = one(this.#entity, relation);
    if (!field.isLoaded) this.#check(relation, sorted(field.id), keyOf(wanted));
    else if (field.get() !== wanted) this.#check(relation, nameOf(field.get()), target ?? 'null');
  }

  #checkInverse(rule: Rule): void {
    const { label } = this.#thing;
    const holders = [...this.#state.things.values()].filter(
      (other) =>
        other.kind === rule.holder &&
        other.refs.get(rule.relation) === label &&
        this.#state.removals.get(other.label) !== 'orphan',
    );
    const labels = holders.map((holder) => holder.label);
    // A rollback brings back who was removed, beside who took the place since; there is room for one, which is to stay.
    const staying = labels.filter((holder) => !this.#state.removals.has(holder));
    if (rule.many) this.#checkItems(rule.inverse, labels);
    else this.#checkPartner(rule.inverse, labels.length > 1 ? staying : labels);
  }

  #checkPartner(relation: string, labels: readonly number[]): void {
    const field = one(this.#entity, relation);
    if (!field.isLoaded) return;
    const held = field.get();
    this.#checkList(relation, held === null ? [] : [held], labels);
  }

  #checkItems(relation: string, labels: readonly number[]): void {
    const field = many(this.#entity, relation);
    if (field.isLoaded) this.#checkList(relation, field.toArray(), labels);
  }

  #checkList(relation: string, items: readonly object[], labels: readonly number[]): void {
    const { entities } = this.#known;
    this.#check(relation, items.map(labelOf).sort(), [...labels].sort());
    for (const item of items)
      if (item !== entities.get(labelOf(item))) this.#check(relation, 'another instance', nameOf(item));
  }

  #check(what: string, is: unknown, should: unknown): void {
    if (JSON.stringify(is) === JSON.stringify(should)) return;
    const { kind, label } = this.#thing;
    this.#problems.push(`${kind} ${label} ${what}: ${JSON.stringify(is)} instead of ${JSON.stringify(should)}`);
  }
}

const nameOf = (entity: object | null): unknown => (entity === null ? 'null' : labelOf(entity));

function keyOf(entity: object | null | undefined): unknown {
  if (entity === undefined || entity === null) return entity;
  const id: unknown = Reflect.get(entity, 'id');
  return id === undefined ? sorted({ team: one(entity, 'team').id, no: Reflect.get(entity, 'no') }) : id;
}

const sorted = (key: unknown): unknown =>
  typeof key === 'object' && key !== null ? Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)) : key;

/** Reads everything into a fresh EntityManager, with its relations or without. */
export async function readAll(em: EntityManager, populated: boolean): Promise<Map<number, object>> {
  const found: object[] = populated
    ? [
        ...(await em.find(Team, {}, { populate: ['members', 'notes', 'seats', 'badge'] })),
        ...(await em.find(Member, {}, { populate: ['team', 'mentor', 'mentees', 'seat', 'skills'] })),
        ...(await em.find(Note, {}, { populate: ['team'] })),
        ...(await em.find(Badge, {}, { populate: ['team'] })),
        ...(await em.find(Seat, {}, { populate: ['team', 'holders'] })),
        ...(await em.find(Folder, {}, { populate: ['parent', 'children'] })),
        ...(await em.find(Skill, {}, { populate: ['members'] })),
      ]
    : [
        ...(await em.find(Team)),
        ...(await em.find(Member)),
        ...(await em.find(Note)),
        ...(await em.find(Badge)),
        ...(await em.find(Seat)),
        ...(await em.find(Folder)),
        ...(await em.find(Skill)),
      ];
  return new Map(found.map((entity) => [labelOf(entity), entity]));
}
