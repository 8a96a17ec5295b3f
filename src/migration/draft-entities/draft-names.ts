// Members of every object, and what would reach a prototype, change JSON, or make an entity a thenable.
const REFUSED = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype', 'toJSON', 'then']);

/** Gives out each name once. */
export class Names {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** The name, or with a number behind it where it was given out before. */
  take(name: string): string {
    let free = name;
    for (let count = 2; this.#taken.has(free); count++) free = `${name}${count}`;
    this.#taken.add(free);
    return free;
  }
}

/** A name of the database as a property is named: `created_at` becomes `createdAt`. */
export function propertyName(name: string): string {
  const [first = '', ...more] = wordsOf(name);
  const property = identifier(lowerFirst(first) + more.map(upperFirst).join(''), 'column');
  return REFUSED.has(property) ? `${property.replaceAll('_', '')}Column` : property;
}

/** A name of the database as a class is named: `order_lines` becomes `OrderLines`. */
export function className(name: string): string {
  return identifier(wordsOf(name).map(upperFirst).join(''), 'Table');
}

function wordsOf(name: string): readonly string[] {
  const words =
    name
      .normalize('NFC')
      .match(/[\p{ID_Continue}$]+/gu)
      ?.flatMap((word) => word.split('_')) ?? [];
  return words.filter((word) => word !== '').map((word) => (isShouted(word) ? word.toLowerCase() : word));
}

function isShouted(word: string): boolean {
  return word === word.toUpperCase() && word !== word.toLowerCase();
}

function lowerFirst(word: string): string {
  const [first = '', ...more] = word;
  return first.toLowerCase() + more.join('');
}

function upperFirst(word: string): string {
  const [first = '', ...more] = word;
  return first.toUpperCase() + more.join('');
}

// A name cannot begin with a digit, or a sign that only goes on with one.
function identifier(name: string, fallback: string): string {
  if (name === '') return fallback;
  return /^[\p{ID_Start}$_]/u.test(name) ? name : `_${name}`;
}
