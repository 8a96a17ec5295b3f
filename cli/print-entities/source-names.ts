/** Names of Meshestra that a source text uses, for its imports; gathered while the text is made. */
export class SourceNames {
  readonly #names = new Map<string, Set<string>>();

  /** The name, which `entry` exports. */
  use(name: string, entry = 'meshestra'): string {
    const known = this.#names.get(entry) ?? new Set();
    this.#names.set(entry, known.add(name));
    return name;
  }

  /** The name of a type. */
  type(name: string): string {
    this.use(`type ${name}`);
    return name;
  }

  /** The import declarations. */
  print(): string {
    const order = (name: string) => name.replace('type ', '').toLowerCase();
    return [...this.#names]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([entry, names]) => {
        const sorted = [...names].sort((one, other) => (order(one) < order(other) ? -1 : 1));
        const line = `import { ${sorted.join(', ')} } from '${entry}';\n`;
        return line.length <= 120
          ? line
          : `import {\n${sorted.map((name) => `  ${name},\n`).join('')}} from '${entry}';\n`;
      })
      .join('');
  }
}
