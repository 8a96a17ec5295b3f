import { type EntityManager, startsWith } from 'meshestra';
import { Artist, Label } from '../../entities.ts';
import type { Editable } from './form-spec.ts';

/** A related entity found by its name, or scheduled anew. */
export interface Found<T> {
  readonly entity: T;
  readonly made: readonly Editable[];
}

/** The artist of this name; where several have it, the one that came first. */
export async function artistByName(em: EntityManager, name: string): Promise<Found<Artist>> {
  const found = await em.find(Artist, { name }, { orderBy: { id: 'asc' }, limit: 1 });
  if (found[0]) return { entity: found[0], made: [] };
  const entity = em.create(Artist, { name });
  return { entity, made: [entity] };
}

/** The label of this name. */
export async function labelByName(em: EntityManager, name: string): Promise<Found<Label>> {
  const found = await em.findOne(Label, { name });
  if (found) return { entity: found, made: [] };
  const entity = em.create(Label, { name });
  return { entity, made: [entity] };
}

const SUGGESTED = 12;

/** Names of artists that begin with `part`. */
export async function suggestArtists(em: EntityManager, part: string): Promise<readonly string[]> {
  const found = await em.find(Artist, { name: startsWith(part) }, { orderBy: { name: 'asc' }, limit: SUGGESTED });
  return [...new Set(found.map((artist) => artist.name))];
}

/** Names of labels that begin with `part`. */
export async function suggestLabels(em: EntityManager, part: string): Promise<readonly string[]> {
  const found = await em.find(Label, { name: startsWith(part) }, { orderBy: { name: 'asc' }, limit: SUGGESTED });
  return found.map((label) => label.name);
}
