import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The folders of PATH, and those for the administrator's programs, which PATH often leaves out. */
export function programFolders(): readonly string[] {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...new Set([...path, '/usr/local/sbin', '/usr/sbin', '/usr/local/bin', '/usr/bin'])];
}

/** The first folder that holds all of the programs. */
export function folderOf(programs: readonly string[], folders: readonly string[]): string | undefined {
  return folders.find((folder) => programs.every((program) => existsSync(join(folder, program))));
}

/** The first of the programs that is there, by its full path. */
export function findProgram(programs: readonly string[]): string | undefined {
  const paths = programs.flatMap((program) => programFolders().map((folder) => join(folder, program)));
  return paths.find((path) => existsSync(path));
}

/** The folders below one, or none where it is not there, the highest version first. */
export function versionFolders(parent: string): readonly string[] {
  if (!existsSync(parent)) return [];
  return readdirSync(parent).sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a));
}
