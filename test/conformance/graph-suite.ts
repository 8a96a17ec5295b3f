import { describe, expect } from 'vitest';
import { type EntityManager, type Persistence, some } from '../../src/index.ts';
import { Badge, graph, Member, Note, Seat, Skill, Team } from './graphs/model.ts';
import { playRandomly, setGraphStage } from './graphs/random-play.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import type { Subject } from './subject.ts';

/** Enough to meet each kind of edit on each engine; test/conformance/random-graphs.test.ts plays many more on one. */
const FLUSHES_ON_EACH_ENGINE = 100;

async function only<T extends object>(found: Promise<T[]>): Promise<T> {
  const [entity] = await found;
  if (entity === undefined) throw new Error('nothing is stored');
  return entity;
}

/** A team with a note and a badge, and a member with a skill. */
async function openGraph(subject: Subject): Promise<Persistence> {
  const db = await subject.open(graph);
  const em = db.em();
  const team = em.create(Team, { name: 'team' });
  em.create(Note, { name: 'note', team });
  em.create(Badge, { name: 'badge', team });
  em.create(Member, { name: 'member', team, skills: [em.create(Skill, { name: 'skill' })] });
  await em.flush();
  return db;
}

async function rolledBack(em: EntityManager, work: (tx: EntityManager) => Promise<unknown>): Promise<void> {
  const attempt = em.transaction(async (tx) => {
    await work(tx);
    await tx.flush();
    throw new Error('rolled back');
  });
  await expect(attempt).rejects.toThrow('rolled back');
}

const links: Laws = {
  'a link of which one end is removed is none, whichever side was edited': async (subject) => {
    for (const fromMember of [true, false]) {
      for (const removesMember of [true, false]) {
        await using db = await openGraph(subject);
        const em = db.em();
        const member = em.create(Member, { name: 'other' });
        await em.flush();
        const skill = await only(em.find(Skill));
        if (fromMember) member.skills.add(skill);
        else skill.members.add(member);
        em.remove(removesMember ? member : skill);
        await em.flush();
        expect([await db.em().count(Member), await db.em().count(Skill)]).toEqual(removesMember ? [1, 1] : [2, 0]);
        expect((await em.plan()).statements).toEqual([]);
      }
    }
  },
  'a link that was taken away before anybody saw it can be added after a rollback': async (subject) => {
    await using db = await openGraph(subject);
    const em = db.em();
    const skill = await only(em.find(Skill));
    const fresh = em.create(Member, { name: 'fresh' });
    await rolledBack(em, async (tx) => {
      skill.members.remove(fresh);
      await tx.flush();
      await skill.members.load();
    });
    skill.members.add(fresh);
    await em.flush();
    const read = await only(db.em().find(Skill, {}, { populate: ['members'] }));
    expect(read.members.toArray().map(({ name }) => name)).toEqual(['member', 'fresh']);
  },
};

const orphans: Laws = {
  'a relation that was set before a removal is still set when the removal is rolled back': {
    requires: ({ interactive }) => interactive !== 'none',
    check: async (subject) => {
      await using db = await openGraph(subject);
      const em = db.em();
      const badge = await only(em.find(Badge));
      badge.team.set(null);
      em.remove(badge);
      await rolledBack(em, async () => undefined);
      expect([em.stateOf(badge), badge.team.id, em.changes(badge).has('team')]).toEqual(['deleted', null, true]);
      em.persist(badge);
      await em.flush();
      expect((await only(db.em().find(Badge))).team.id).toBe(null);
    },
  },
  'an orphan whose removal was rolled back can come to another owner, or be taken back': async (subject) => {
    for (const way of ['add', 'set', 'persist', 'revert'] as const) {
      await using db = await openGraph(subject);
      const em = db.em();
      const team = await only(em.find(Team, {}, { populate: ['notes'] }));
      const [note] = team.notes.toArray() as [Note];
      const other = em.create(Team, { name: 'other' });
      await em.flush();
      await rolledBack(em, async () => team.notes.clear());
      expect([em.stateOf(note), team.notes.length]).toEqual(['deleted', 0]);
      if (way === 'add') other.notes.add(note);
      else if (way === 'persist') em.persist(note);
      else if (way === 'revert') em.revert();
      else other.notes.set([note]);
      const owner = way === 'add' || way === 'set' ? other : team;
      expect([em.stateOf(note), await owner.notes.load()]).toEqual(['persistent', [note]]);
      await em.flush();
      expect((await only(db.em().find(Note))).team.id).toBe(owner.id);
    }
  },
  'an orphan that is persisted is shown at its owner again': async (subject) => {
    await using db = await openGraph(subject);
    const em = db.em();
    const team = await only(em.find(Team, {}, { populate: ['notes'] }));
    const [note] = team.notes.toArray() as [Note];
    team.notes.remove(note);
    em.persist(note);
    expect(team.notes.toArray()).toEqual([note]);
    await em.flush();
    expect(await db.em().count(Note)).toBe(1);
  },
  'the new holder of a one-to-one is still shown after a refresh, and goes along with a removal': async (subject) => {
    await using db = await openGraph(subject);
    const em = db.em();
    const team = em.create(Team, { name: 'new' });
    await em.flush();
    const badge = em.create(Badge, { name: 'fresh', team });
    await em.refresh(team);
    expect(await team.badge.load()).toBe(badge);
    await em.refresh(team);
    em.remove(team);
    await em.flush();
    expect([
      await em.count(Team, { name: 'new' }),
      await em.count(Badge, { name: 'fresh' }),
      em.stateOf(badge),
    ]).toEqual([0, 0, 'transient']);
  },
};

const memory: Laws = {
  'what is deleted is shown in no relation any more, and again after a rollback': async (subject) => {
    await using db = await openGraph(subject);
    const em = db.em();
    const team = await only(em.find(Team, {}, { populate: ['members', 'notes', 'badge'] }));
    const [[note], badge, [member]] = [team.notes.toArray(), team.badge.get(), team.members.toArray()];
    if (note === undefined || badge === null || member === undefined) throw new Error('the graph is not there');
    const skill = await only(em.find(Skill));
    await member.skills.load();
    const shown = async () => [team.notes.toArray(), team.badge.get(), await member.skills.load()];
    await rolledBack(em, async (tx) => {
      tx.remove(note, badge, skill);
      await tx.flush();
      expect(await shown()).toEqual([[], null, []]);
    });
    expect(await shown()).toEqual([[note], badge, [skill]]);
    await em.flush();
    expect(await shown()).toEqual([[], null, []]);
    em.remove(member);
    await em.flush();
    expect(team.members.toArray()).toEqual([]);
    expect((await em.plan()).statements).toEqual([]);
  },
  'a new entity that was refreshed in a transaction that rolled back has its collections': async (subject) => {
    await using db = await openGraph(subject);
    const em = db.em();
    const fresh = em.create(Member, { name: 'fresh' });
    await rolledBack(em, async (tx) => {
      await tx.flush();
      await tx.refresh(fresh);
    });
    expect([em.stateOf(fresh), await fresh.skills.load()]).toEqual(['pending', []]);
    fresh.skills.set([await only(em.find(Skill))]);
    await em.flush();
    expect(await db.em().count(Member, { name: 'fresh', skills: some<Skill>({ name: 'skill' }) })).toBe(1);
  },
  'a reference of several columns that was NULL is told, reverted and refreshed as null': async (subject) => {
    await using db = await openGraph(subject);
    const em = db.em();
    const seat = em.create(Seat, { no: 1, name: 'seat', team: await only(em.find(Team)) });
    await em.flush();
    const member = await only(em.find(Member));
    for (const takeBack of [() => em.revert(), () => em.revert(member), () => em.refresh(seat)]) {
      member.seat.set(seat);
      expect(em.changes(member).get('seat')?.before).toBe(null);
      await takeBack();
      expect([member.seat.id, await member.seat.load()]).toEqual([null, null]);
    }
    expect((await em.plan()).statements).toEqual([]);
  },
  'a one-to-one that is not loaded cannot be taken away, and is once it is loaded': async (subject) => {
    await using db = await openGraph(subject);
    const em = db.em();
    const team = await only(em.find(Team));
    expect(String(await expectCode(() => team.badge.set(null), 'validation'))).toContain('teams.badge: not loaded');
    await team.badge.load();
    team.badge.set(null);
    await em.flush();
    expect((await only(db.em().find(Badge))).team.id).toBe(null);
  },
};

const random: Laws = {
  'random edits leave rows, memory and a trivial reference the same': async (subject) => {
    await using stage = await setGraphStage(subject);
    expect(await playRandomly(stage, FLUSHES_ON_EACH_ENGINE, 5)).toBeGreaterThanOrEqual(FLUSHES_ON_EACH_ENGINE);
  },
};

/** Whatever is done to a graph of entities, rows and memory are what a trivial reference says. */
export function graphSuite(subject: Subject): void {
  describe(`${subject.name}: random graphs`, () => {
    registerLaws(subject, 'random graphs', { ...links, ...orphans, ...memory, ...random });
  });
}
