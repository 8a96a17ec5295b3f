/** Databases that tests make, of which those of old runs are removed. */
const PREFIX = 'meshestra_test_';
/** No run of the tests takes longer. */
const OLD_SECONDS = 3 * 3600;

/** What the names of all databases of this run begin with: when it began, and which process it is. */
export function runPrefix(now: number = Date.now(), pid: number = process.pid): string {
  return `${PREFIX}${Math.floor(now / 1000).toString(36)}_${pid}_`;
}

/** Whether a database belongs to a run that ended without cleaning up. */
export function isLeftBehind(name: string, now: number = Date.now()): boolean {
  if (!name.startsWith(PREFIX)) return false;
  const began = Number.parseInt(name.slice(PREFIX.length).split('_')[0] ?? '', 36);
  return Number.isFinite(began) && now / 1000 - began > OLD_SECONDS;
}
