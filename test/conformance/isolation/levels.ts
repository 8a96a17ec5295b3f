import type { IsolationLevel } from '../../../src/port.ts';
import { type Anomaly, anomalies } from './anomalies.ts';

/** The anomalies that a level lets happen; all others are prevented. */
export type Allowed = readonly Anomaly[];

/** What an engine promises at each of its levels; `default` is a transaction that asks for none. */
export type LevelPromises = Readonly<Partial<Record<IsolationLevel | 'default', Allowed>>>;

const every = Object.keys(anomalies) as Anomaly[];
const allBut = (...prevented: Anomaly[]): Allowed => every.filter((anomaly) => !prevented.includes(anomaly));

const dirtyReads: readonly Anomaly[] = [
  'G1a: aborted reads',
  'G1b: intermediate reads',
  'G1c: circular information flow',
  'OTV: an observed transaction vanishes',
];
const writeSkew: Allowed = [
  'G2-item: write skew',
  'G2: write skew by predicates',
  'G2: a reader sees what the order of two writers rules out',
];
const readCommitted = allBut('G0: dirty writes', ...dirtyReads);

/** PostgreSQL: its lowest level is READ COMMITTED, REPEATABLE READ is a snapshot, SERIALIZABLE is what it says. */
export const postgresLevels: LevelPromises = {
  default: readCommitted,
  'read committed': readCommitted,
  'repeatable read': writeSkew,
  serializable: [],
};

const innodbRepeatableRead: Allowed = [
  'PMP: a predicate of a write meets other rows than that of a read',
  'P4: lost update',
  'G-single: a write misses the row that was read',
  ...writeSkew,
];

/**
 * InnoDB: REPEATABLE READ reads from a snapshot and writes to what is there now, so that it loses updates. MariaDB from
 * 11.6 on (`innodb_snapshot_isolation`) refuses a write to a row that changed since the snapshot.
 */
export const innodbLevels = ({ snapshotIsolation }: { readonly snapshotIsolation: boolean }) =>
  ({
    default: snapshotIsolation ? writeSkew : innodbRepeatableRead,
    'read uncommitted': allBut('G0: dirty writes'),
    'read committed': readCommitted,
    'repeatable read': snapshotIsolation ? writeSkew : innodbRepeatableRead,
    serializable: [],
  }) satisfies LevelPromises;

/** One connection for all: transactions run one after the other, which is as serializable as can be. */
export const queuedLevels = (levels: readonly IsolationLevel[]): LevelPromises =>
  Object.fromEntries(['default', ...levels].map((level) => [level, []]));
