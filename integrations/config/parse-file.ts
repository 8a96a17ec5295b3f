import { ConfigurationError } from '../../src/port.ts';
import type { Path } from './layer.ts';

/** What a file holds, and the line of each path in it where the parser tells. */
export interface ParsedFile {
  readonly data: unknown;
  lineOf(path: Path): number | undefined;
}

/** A parser's finding. Its own message is dropped: it quotes the file, and the file holds secrets. */
export interface SyntaxProblem {
  readonly what: string;
  readonly line: number | undefined;
}

type Outcome = ParsedFile | SyntaxProblem;

/** The parsers by the ending of a file's name. Each is loaded when a file of its kind is read. */
export const PARSERS: ReadonlyMap<string, (text: string) => Promise<Outcome>> = new Map([
  ['.yaml', parseYaml],
  ['.yml', parseYaml],
  ['.toml', parseToml],
  ['.json', parseJson],
]);

async function parseYaml(text: string): Promise<Outcome> {
  const { isNode, LineCounter, parseDocument } = await load(() => import('yaml'), 'yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, {
    ...{ lineCounter: lines, prettyErrors: false },
    // A warning on the console would quote the file.
    ...{ logLevel: 'error', stringKeys: true },
  });
  const [error] = document.errors;
  if (error !== undefined) return { what: `YAML: ${words(error.code)}`, line: lines.linePos(error.pos[0]).line };
  const lineOf = (path: Path) => {
    const node = document.getIn(path, true);
    return isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined;
  };
  try {
    return { data: document.toJS() as unknown, lineOf };
  } catch {
    return { what: 'YAML: an alias refers to an anchor that is not there, or too many do', line: undefined };
  }
}

async function parseToml(text: string): Promise<Outcome> {
  const { parse, TomlError } = await load(() => import('smol-toml'), 'smol-toml');
  try {
    return { data: parse(text), lineOf: () => undefined };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [first = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    // The parser's own sentences are plain words; anything else may be a piece of the file.
    return { what: `TOML: ${/^[a-z][a-z ,:.-]*$/i.test(first) ? first : 'it cannot be read'}`, line: error.line };
  }
}

async function parseJson(text: string): Promise<Outcome> {
  try {
    return { data: JSON.parse(text) as unknown, lineOf: () => undefined };
  } catch (error) {
    const [, position] = /at position (\d+)/.exec((error as Error).message) ?? [];
    const line = position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length;
    return { what: 'JSON: it cannot be read', line };
  }
}

async function load<M>(importer: () => Promise<M>, name: string): Promise<M> {
  try {
    return await importer();
  } catch (cause) {
    throw new ConfigurationError(`a file of this kind is read by the package ${name}: npm install ${name}`, { cause });
  }
}

/** 'DUPLICATE_KEY' -> 'duplicate key' */
function words(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}
