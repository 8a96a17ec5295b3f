import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import {
  createPersistence,
  Entity,
  type EntityManager,
  integer,
  manyToOne,
  type Persistence,
  text,
} from '../../../src/index.ts';
import { createSchema } from '../../../src/schema/index.ts';

/** A natural key that changes, and a unique name. */
class Team extends Entity('teams', {
  code: text({ maxLength: 8 }).primaryKey(),
  name: text({ maxLength: 3 }).unique(),
  version: integer().version(),
}) {}
/** Unique values that may not be NULL, that may, and that are unique together with a foreign key. */
class Player extends Entity(
  'players',
  { id: integer().primaryKey(), rank: integer().unique(), nick: text().nullable().unique(), shirt: integer() },
  { indexes: [{ properties: ['team', 'shirt'], unique: true }] },
) {
  team = manyToOne(() => Team, { nullable: true, onUpdate: 'cascade' });
}

const SIZE = 5;
const numbers = (length: number) => Array.from({ length }, (_, n) => n);
const permutation = fc.shuffledSubarray(numbers(SIZE), { minLength: SIZE, maxLength: SIZE });

/**
 * A whole state to come to, drawn from few values so that all of them are contested: for each of some entities its values;
 * entities that are not kept are removed, places that nobody keeps are taken by new ones.
 */
interface Aim {
  readonly codes: readonly number[];
  readonly names: readonly number[];
  readonly keptTeams: readonly boolean[];
  readonly ids: readonly number[];
  readonly ranks: readonly number[];
  readonly nicks: readonly number[];
  readonly shirts: readonly number[];
  readonly teams: readonly number[];
  readonly keptPlayers: readonly boolean[];
}
const flags = fc.array(fc.boolean(), { minLength: SIZE, maxLength: SIZE });
const aims: fc.Arbitrary<Aim> = fc.record({
  codes: permutation,
  names: permutation,
  keptTeams: flags,
  ids: permutation,
  ranks: permutation,
  nicks: permutation,
  shirts: permutation,
  teams: fc.array(fc.nat(SIZE), { minLength: SIZE, maxLength: SIZE }),
  keptPlayers: flags,
});

interface World {
  readonly em: EntityManager;
  readonly teams: Team[];
  readonly players: Player[];
}

const at = <T>(list: readonly T[], place: number): T => list[place] as T;

/** Turns the world into what is aimed at. */
function turn(world: World, aim: Aim): void {
  const former = [...world.teams];
  for (const place of numbers(SIZE)) turnTeam(world, aim, place);
  const players = [...world.players];
  for (const place of numbers(SIZE)) turnPlayer(world, aim, place);
  world.em.remove(
    ...players.filter((player) => !world.players.includes(player)),
    ...former.filter((team) => !world.teams.includes(team)),
  );
}

function turnTeam({ em, teams }: World, aim: Aim, place: number): void {
  const values = { code: `c${at(aim.codes, place)}`, name: `n${at(aim.names, place)}` };
  const old = teams[place];
  if (old !== undefined && at(aim.keptTeams, place)) Object.assign(old, values);
  else teams[place] = em.create(Team, values);
}

function turnPlayer({ em, teams, players }: World, aim: Aim, place: number): void {
  const nick = at(aim.nicks, place);
  const values = {
    id: at(aim.ids, place) + 1,
    rank: at(aim.ranks, place),
    nick: nick === 0 ? null : `nick ${nick}`,
    shirt: at(aim.shirts, place),
  };
  // No team is a place behind the last one.
  const team = teams[at(aim.teams, place)] ?? null;
  const old = players[place];
  if (old === undefined || !at(aim.keptPlayers, place)) players[place] = em.create(Player, { ...values, team });
  else Object.assign(old, values).team.set(team);
}

const shownPlayer = ({ id, rank, nick, shirt, team }: Player) => [id, rank, nick, shirt, team.id];
const shownTeam = ({ code, name }: Team) => [code, name];
const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();

async function check(db: Persistence, { em, teams, players }: World): Promise<void> {
  const reader = db.em();
  expect(sorted((await reader.find(Player)).map(shownPlayer))).toEqual(sorted(players.map(shownPlayer)));
  expect(sorted((await reader.find(Team)).map(shownTeam))).toEqual(sorted(teams.map(shownTeam)));
  for (const team of teams) expect((await em.findById(Team, team.code)) === team).toBe(true);
  for (const player of players) expect((await em.findById(Player, player.id)) === player).toBe(true);
  expect((await em.plan()).statements).toEqual([]);
}

describe('Unique values and keys that change hands at random', () => {
  it('end in the rows that were meant, whatever is created, removed and exchanged in one flush', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aims, { minLength: 2, maxLength: 5 }), fc.nat(), async (all, lost) => {
        await using db = await createPersistence({ driver: sqljs(), entities: [Team, Player] });
        await createSchema(db);
        const world: World = { em: db.em(), teams: [], players: [] };
        for (const [round, aim] of all.entries()) {
          turn(world, aim);
          // A flush that is rolled back has changed nothing, and the next one writes all of it.
          if (round === lost % all.length) {
            const work = world.em.transaction(async (tx) => {
              await tx.flush();
              throw new Error('back');
            });
            await expect(work).rejects.toThrow('back');
          }
          await world.em.flush();
          await check(db, world);
        }
      }),
      { numRuns: 150 },
    );
  }, 120_000);
});
