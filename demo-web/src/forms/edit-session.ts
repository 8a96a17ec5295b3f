import type { EntityManager, PersistenceError } from 'meshestra';
import type { Library } from '../data/library.ts';
import { save } from '../data/save.ts';
import { remember, UndoRefused } from '../data/undo-history.ts';
import { type Editable, type FieldValue, type FieldValues, type FormSpec, sameValue } from './form-spec.ts';

/** What became of saving: `conflict` carries what the record holds by now, or null where it was deleted. */
export type Saved =
  | { readonly kind: 'saved'; readonly id: number }
  | { readonly kind: 'conflict'; readonly theirs: FieldValues | null };

/** One record being edited, in a unit of work of its own. */
export interface EditSession {
  /** The values as loaded. */
  readonly base: FieldValues;
  /** The values as the user has them now. */
  readonly values: FieldValues;
  /** The names of the fields that differ from what was loaded. */
  readonly changed: readonly string[];
  /** Takes one field's new value. */
  change(name: string, value: FieldValue): Promise<void>;
  /** Takes every unsaved edit back. */
  revert(): void;
  /** The statements that saving would send, for those who want to see. */
  plan(): Promise<readonly string[]>;
  /** What the record holds now if it was changed or deleted (null) elsewhere, otherwise `'same'`. */
  compare(): Promise<FieldValues | null | 'same'>;
  /** Writes the edits. Rejects with what the flush failed with, other than a conflict; the edits are still there then. */
  save(): Promise<Saved>;
  /** Settles a conflict: writes `merged` over what the record holds now. */
  saveMerged(merged: FieldValues, seen: FieldValues): Promise<Saved>;
}

/** Opens a record for editing; null where it is gone. */
export async function openEditSession<T extends Editable>(
  library: Library,
  spec: FormSpec<T>,
  id: number,
): Promise<EditSession | null> {
  const em = library.em();
  const entity = await spec.load(em, id);
  return entity === null ? null : new LoadedSession(library, spec, em, entity);
}

class LoadedSession<T extends Editable> implements EditSession {
  readonly base: FieldValues;
  values: FieldValues;
  readonly #library: Library;
  readonly #spec: FormSpec<T>;
  readonly #em: EntityManager;
  readonly #entity: T;
  readonly #loadedVersion: number | undefined;
  #pending: Promise<unknown> = Promise.resolve();

  constructor(library: Library, spec: FormSpec<T>, em: EntityManager, entity: T) {
    this.#library = library;
    this.#spec = spec;
    this.#em = em;
    this.#entity = entity;
    this.#loadedVersion = entity.version;
    this.base = spec.read(entity);
    this.values = this.base;
  }

  get changed(): readonly string[] {
    return differences(this.base, this.values);
  }

  async change(name: string, value: FieldValue): Promise<void> {
    this.values = { ...this.values, [name]: value };
    // A name half typed must not make a new artist, so relations by name wait for save().
    if (this.#isByName(name)) return;
    this.#pending = this.#pending.then(() => this.#spec.write(this.#em, this.#entity, name, value));
    await this.#pending;
  }

  revert(): void {
    this.#em.revert(this.#entity);
    this.values = this.base;
  }

  async plan(): Promise<readonly string[]> {
    // In a unit of work of its own: what it makes for the plan is never written.
    const em = this.#library.em();
    const entity = await this.#spec.load(em, this.#entity.id);
    if (entity === null) return [];
    await writeAll(em, this.#spec, entity, this.changed, this.values);
    return (await em.plan()).statements;
  }

  async compare(): Promise<FieldValues | null | 'same'> {
    const now = await this.#spec.load(this.#library.em(), this.#entity.id);
    if (now === null) return null;
    return now.version === this.#loadedVersion ? 'same' : this.#spec.read(now);
  }

  async save(): Promise<Saved> {
    await this.#pending;
    const names = this.changed;
    try {
      const byName = names.filter((name) => this.#isByName(name));
      const made = await writeAll(this.#em, this.#spec, this.#entity, byName, this.values);
      await save(this.#em, `Edit ${this.#spec.noun}`);
      this.#rememberEdit(names, this.base, made, this.#entity);
      return { kind: 'saved', id: this.#entity.id };
    } catch (error) {
      await this.#keepEdits(names);
      if (!isStale(error)) throw error;
      const theirs = await this.compare();
      // Both wanted the same: there is nothing left to settle.
      if (theirs !== null && theirs !== 'same' && differences(theirs, this.values).length === 0) {
        return { kind: 'saved', id: this.#entity.id };
      }
      return { kind: 'conflict', theirs: theirs === 'same' ? this.base : theirs };
    }
  }

  async saveMerged(merged: FieldValues, seen: FieldValues): Promise<Saved> {
    const em = this.#library.em();
    const entity = await this.#spec.load(em, this.#entity.id);
    if (entity === null) return { kind: 'conflict', theirs: null };
    const now = this.#spec.read(entity);
    // Somebody was faster once more: what the user decided about is not what is there.
    if (differences(now, seen).length > 0) return { kind: 'conflict', theirs: now };
    const names = differences(now, merged);
    try {
      const made = await writeAll(em, this.#spec, entity, names, merged);
      await save(em, `Settle conflict of ${this.#spec.noun}`);
      this.#rememberEdit(names, now, made, entity);
      return { kind: 'saved', id: entity.id };
    } catch (error) {
      if (!isStale(error)) throw error;
      const later = await this.#spec.load(this.#library.em(), this.#entity.id);
      return { kind: 'conflict', theirs: later && this.#spec.read(later) };
    }
  }

  #isByName(name: string): boolean {
    return this.#spec.fields.some((field) => field.name === name && field.kind === 'one');
  }

  // After a failed flush: drops what was made for it, and puts the edits back for the next try.
  async #keepEdits(names: readonly string[]): Promise<void> {
    this.#em.revert();
    const direct = names.filter((name) => !this.#isByName(name));
    await writeAll(this.#em, this.#spec, this.#entity, direct, this.values);
  }

  #rememberEdit(names: readonly string[], before: FieldValues, made: readonly Editable[], entity: T): void {
    const { id, version } = entity;
    remember({
      label: `Edit of ${this.#spec.noun} “${this.#spec.name(before)}”`,
      inverse: async (em) => {
        const now = await this.#spec.load(em, id);
        if (now === null || now.version !== version) throw new UndoRefused('It was changed again since.');
        await writeAll(em, this.#spec, now, names, before);
        await removeMade(em, made);
      },
    });
  }
}

/** Makes a new record, and remembers how to take it away again; resolves with its key. */
export async function createRecord<T extends Editable>(
  library: Library,
  spec: FormSpec<T>,
  values: FieldValues,
): Promise<number> {
  const em = library.em();
  const { entity, made } = await spec.create(em, values);
  await save(em, `Add ${spec.noun}`);
  const { id, version } = entity;
  remember({
    label: `New ${spec.noun} “${spec.name(values)}”`,
    inverse: async (undoing) => {
      const now = await spec.load(undoing, id);
      if (now === null || now.version !== version) throw new UndoRefused('It was changed since.');
      undoing.remove(now);
      await removeMade(undoing, made);
    },
  });
  return id;
}

async function removeMade(em: EntityManager, made: readonly Editable[]): Promise<void> {
  for (const entity of made) {
    const cls = entity.constructor as new () => { id: number };
    const now = await em.findById(cls, entity.id);
    if (now) em.remove(now);
  }
}

async function writeAll<T extends Editable>(
  em: EntityManager,
  spec: FormSpec<T>,
  entity: T,
  names: readonly string[],
  values: FieldValues,
): Promise<readonly Editable[]> {
  const made: Editable[] = [];
  for (const name of names) made.push(...(await spec.write(em, entity, name, values[name] ?? null)));
  return made;
}

/** The names under which two sets of values differ. */
export function differences(a: FieldValues, b: FieldValues): readonly string[] {
  return Object.keys(a).filter((name) => !sameValue(a[name] ?? null, b[name] ?? null));
}

function isStale(error: unknown): boolean {
  return (error as PersistenceError | null)?.code === 'stale-entity';
}
