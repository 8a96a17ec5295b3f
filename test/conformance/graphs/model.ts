import { Entity, integer, manyToMany, manyToOne, oneToMany, oneToOne, subtype, text } from '../../../src/index.ts';

/** Owns by each kind of relation: items that may leave, orphans, a composite key, a one-to-one. */
export class Team extends Entity('teams', { id: integer().primaryKey().generated(), name: text() }) {
  members = oneToMany(
    () => Member,
    (member) => member.team,
    { cascade: ['persist'] },
  );
  notes = oneToMany(
    () => Note,
    (note) => note.team,
    { cascade: ['persist', 'remove'], orphanRemoval: true },
  );
  seats = oneToMany(
    () => Seat,
    (seat) => seat.team,
    { cascade: ['persist', 'remove'] },
  );
  badge = oneToOne(
    () => Badge,
    (badge) => badge.team,
    { cascade: ['persist', 'remove'] },
  );
}

/** Versioned, the top of a hierarchy, refers to its own table and to a composite key, and is linked. */
export class Member extends Entity('members', {
  id: integer().primaryKey().generated(),
  name: text(),
  version: integer().version(),
}) {
  team = manyToOne(() => Team, { nullable: true });
  mentor = manyToOne(() => Member, { nullable: true });
  mentees = oneToMany(
    () => Member,
    (member) => member.mentor,
  );
  seat = manyToOne(() => Seat, { nullable: true });
  skills = manyToMany(() => Skill, { through: 'member_skills' });
}
export class Lead extends subtype(Member, 'lead', { budget: integer() }) {}

/** A child that does not outlive its owner. */
export class Note extends Entity('notes', { id: integer().primaryKey().generated(), name: text() }) {
  team = manyToOne(() => Team);
}

/** The owning side of a one-to-one. */
export class Badge extends Entity('badges', { id: integer().primaryKey().generated(), name: text() }) {
  team = oneToOne(() => Team);
}

/** A composite key of a foreign key and a number. */
export class Seat extends Entity('seats', { no: integer().primaryKey(), name: text() }) {
  team = manyToOne(() => Team, { primaryKey: true });
  holders = oneToMany(
    () => Member,
    (member) => member.seat,
  );
}

/** A tree. */
export class Folder extends Entity('folders', { id: integer().primaryKey().generated(), name: text() }) {
  parent = manyToOne(() => Folder, { nullable: true });
  children = oneToMany(
    () => Folder,
    (folder) => folder.parent,
    { cascade: ['persist', 'remove'] },
  );
}

/** The inverse side of a many-to-many, with a unique value. */
export class Skill extends Entity('skills', {
  id: integer().primaryKey().generated(),
  name: text(),
  code: text({ maxLength: 20 }).nullable().unique(),
}) {
  members = manyToMany(() => Member, { inverse: (member) => member.skills });
}

export const graph = [Team, Member, Lead, Note, Badge, Seat, Folder, Skill] as const;
