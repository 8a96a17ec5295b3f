import { type Kind, RULES, type Rule, rulesOf } from './rules.ts';

/** A row of the reference. */
export interface Thing {
  readonly label: number;
  readonly kind: Kind;
  readonly lead: boolean;
  /** The number in the key of a seat. */
  readonly no: number;
  name: string;
  code: string | null;
  /** Labels of the things that it refers to, by relation. */
  readonly refs: Map<string, number | null>;
  /** Of a row that is stored. */
  version: number;
}

/** Why a thing is to be removed: somebody asked for it, or it left a collection with orphan removal. */
export type Removal = 'asked' | 'orphan';

/** What the database holds, or is to hold after the next flush. */
export interface State {
  readonly things: Map<number, Thing>;
  /** Pairs of a member and a skill. */
  readonly links: Map<string, readonly [member: number, skill: number]>;
  readonly removals: Map<number, Removal>;
}

export const emptyState = (): State => ({ things: new Map(), links: new Map(), removals: new Map() });

const copyThing = (thing: Thing): Thing => ({ ...thing, refs: new Map(thing.refs) });

export const copyState = ({ things, links, removals }: State): State => ({
  things: new Map([...things].map(([label, thing]) => [label, copyThing(thing)])),
  links: new Map(links),
  removals: new Map(removals),
});

/** What keeps a state from being written: a reference to nothing, or a code that two skills have. */
export type Problem =
  | { readonly kind: 'dangling'; readonly thing: Thing; readonly rule: Rule }
  | { readonly kind: 'taken'; readonly thing: Thing };

/** What goes when a state is written: the removed things, and those that go along. */
export function goneIn(state: State): ReadonlySet<number> {
  const gone = new Set(state.removals.keys());
  for (const label of gone) {
    for (const thing of state.things.values()) if (goesAlong(thing, label)) gone.add(thing.label);
  }
  return gone;
}

const goesAlong = (thing: Thing, label: number): boolean =>
  rulesOf(thing.kind).some((rule) => rule.cascadesRemoval && thing.refs.get(rule.relation) === label);

/** What a state becomes when it is written over another one, and what keeps it from being so. */
export function settle(wanted: State, written: State): { readonly next: State; readonly problems: readonly Problem[] } {
  const gone = goneIn(wanted);
  const next = emptyState();
  for (const thing of wanted.things.values()) {
    if (gone.has(thing.label)) continue;
    next.things.set(thing.label, { ...copyThing(thing), version: nextVersion(thing, written.things.get(thing.label)) });
  }
  for (const [name, pair] of wanted.links) if (pair.every((end) => next.things.has(end))) next.links.set(name, pair);
  return { next, problems: problemsOf(next) };
}

function nextVersion(thing: Thing, before: Thing | undefined): number {
  if (before === undefined) return 1;
  const moved = [...thing.refs].some(([relation, target]) => before.refs.get(relation) !== target);
  return before.version + (moved || thing.name !== before.name || thing.code !== before.code ? 1 : 0);
}

function problemsOf({ things }: State): Problem[] {
  const codes = new Set<string>();
  return [...things.values()].flatMap((thing): Problem[] => {
    const dangling = rulesOf(thing.kind).filter(({ relation, nullable }) => {
      const target = thing.refs.get(relation) ?? null;
      return target === null ? !nullable : !things.has(target);
    });
    const taken = thing.code !== null && codes.has(thing.code);
    if (thing.code !== null) codes.add(thing.code);
    return [
      ...dangling.map((rule) => ({ kind: 'dangling', thing, rule }) as const),
      ...(taken ? [{ kind: 'taken', thing } as const] : []),
    ];
  });
}

/** Makes a thing refer to another one; in a one-to-one the former holder is displaced. */
export function refer(state: State, rule: Rule, holder: Thing, target: number | null): void {
  if (!rule.many && target !== null) {
    for (const other of state.things.values())
      if (other.kind === rule.holder && other.refs.get(rule.relation) === target) other.refs.set(rule.relation, null);
  }
  holder.refs.set(rule.relation, target);
  if (state.removals.get(holder.label) === 'orphan') state.removals.delete(holder.label);
}

/** Takes a thing out of the relation of its owner. */
export function leave(state: State, rule: Rule, holder: Thing): void {
  if (rule.orphans) state.removals.set(holder.label, 'orphan');
  else holder.refs.set(rule.relation, null);
}

/** Takes back what was done to a stored thing, from whichever side. */
export function revertThing(state: State, written: State, label: number): void {
  const thing = state.things.get(label);
  const before = written.things.get(label);
  if (thing === undefined || before === undefined) return;
  state.removals.delete(label);
  Object.assign(thing, { name: before.name, code: before.code });
  for (const rule of RULES) {
    for (const holder of state.things.values()) {
      const row = written.things.get(holder.label);
      if (row !== undefined && isEnd(rule, thing, holder, row)) revertReference(state, rule, holder, row);
    }
  }
  dropLinks(state, label);
  for (const [name, pair] of written.links) {
    if (pair.includes(label) && pair.every((end) => state.things.has(end))) state.links.set(name, pair);
  }
}

/** Takes away the links of a thing. */
export function dropLinks(state: State, label: number): void {
  for (const [name, pair] of [...state.links]) if (pair.includes(label)) state.links.delete(name);
}

// Whether a thing holds the reference, or is or was what it refers to.
function isEnd({ holder: kind, relation, target }: Rule, thing: Thing, holder: Thing, row: Thing): boolean {
  if (holder.kind !== kind) return false;
  return (
    holder === thing || (target === thing.kind && [row, holder].some(({ refs }) => refs.get(relation) === thing.label))
  );
}

function revertReference(state: State, rule: Rule, holder: Thing, row: Thing): void {
  const was = row.refs.get(rule.relation) ?? null;
  if (rule.orphans && state.removals.get(holder.label) === 'orphan') state.removals.delete(holder.label);
  if (was !== holder.refs.get(rule.relation)) refer(state, rule, holder, was);
}
