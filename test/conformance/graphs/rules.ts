/** What a thing of the reference is; a lead is a member of another class. */
export type Kind = 'team' | 'member' | 'note' | 'badge' | 'seat' | 'folder' | 'skill';

export const KINDS: readonly Kind[] = ['team', 'member', 'note', 'badge', 'seat', 'folder', 'skill'];

/** What the reference knows of a to-one relation and of its other side. */
export interface Rule {
  readonly holder: Kind;
  readonly relation: string;
  readonly target: Kind;
  readonly inverse: string;
  /** Whether the other side is a collection. */
  readonly many: boolean;
  readonly nullable: boolean;
  /** Whether removing the target removes the holder. */
  readonly cascadesRemoval: boolean;
  /** Whether adding the holder to the other side persists it. */
  readonly cascadesPersist: boolean;
  /** Whether a holder that leaves the collection is removed. */
  readonly orphans: boolean;
  /** Whether it is part of the key, which never changes. */
  readonly inKey: boolean;
}

const plain = {
  many: true,
  nullable: true,
  cascadesRemoval: false,
  cascadesPersist: false,
  orphans: false,
  inKey: false,
};
const cascading = { cascadesRemoval: true, cascadesPersist: true };

export const RULES: readonly Rule[] = [
  { ...plain, holder: 'member', relation: 'team', target: 'team', inverse: 'members', cascadesPersist: true },
  { ...plain, holder: 'member', relation: 'mentor', target: 'member', inverse: 'mentees' },
  { ...plain, holder: 'member', relation: 'seat', target: 'seat', inverse: 'holders' },
  {
    ...plain,
    ...cascading,
    holder: 'note',
    relation: 'team',
    target: 'team',
    inverse: 'notes',
    nullable: false,
    orphans: true,
  },
  { ...plain, ...cascading, holder: 'badge', relation: 'team', target: 'team', inverse: 'badge', many: false },
  {
    ...plain,
    ...cascading,
    holder: 'seat',
    relation: 'team',
    target: 'team',
    inverse: 'seats',
    nullable: false,
    inKey: true,
  },
  { ...plain, ...cascading, holder: 'folder', relation: 'parent', target: 'folder', inverse: 'children' },
];

export const rulesOf = (kind: Kind): readonly Rule[] => RULES.filter(({ holder }) => holder === kind);
