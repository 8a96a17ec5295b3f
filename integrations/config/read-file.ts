import { readFile } from 'node:fs/promises';
import { dirname, extname, relative, resolve } from 'node:path';
import { cwd } from 'node:process';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../../src/port.ts';
import { expandReferences, type Variables } from './expand-references.ts';
import { type Layer, type Path, refuse } from './layer.ts';
import { PARSERS } from './parse-file.ts';

/** Reads a configuration file, with the references in it replaced. */
export async function readLayer(file: string | URL, variables: Variables): Promise<Layer> {
  const path = resolve(typeof file === 'string' ? file : fileURLToPath(file));
  const name = relative(cwd(), path) || path;
  const parser = PARSERS.get(extname(path).toLowerCase());
  if (parser === undefined) {
    throw new ConfigurationError(`${name}: a configuration file ends in one of ${[...PARSERS.keys()].join(', ')}`);
  }
  const parsed = await parser(await readText(path, name));
  if ('what' in parsed) refuse([`${at(name, parsed.line)}: ${parsed.what}`]);
  // An option that is missing has no line of its own: the table that lacks it has.
  const lineOf = (place: Path): number | undefined =>
    place.length === 0 ? undefined : (parsed.lineOf(place) ?? lineOf(place.slice(0, -1)));
  const layer: Omit<Layer, 'data'> = {
    place: (place) => at(name, lineOf(place)),
    resolveFile: (target) => resolve(dirname(path), target),
  };
  return { ...layer, data: expandReferences(parsed.data, variables, layer.place) };
}

function at(name: string, line: number | undefined): string {
  return line === undefined ? name : `${name}:${line}`;
}

async function readText(path: string, name: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new ConfigurationError(`${name}: the configuration file cannot be read (${code})`, { cause });
  }
}
