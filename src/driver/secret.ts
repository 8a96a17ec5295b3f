const MASK = '***';

/**
 * A password, a token or a key, which shows itself as `***` wherever it is printed: in template strings, `JSON.stringify`,
 * `console.log` and `util.inspect`. Only {@link Secret.reveal} gives the value.
 *
 * @example
 * ```ts
 * import { Secret } from 'meshestra/port';
 *
 * const password = new Secret('hunter2');
 * `${password}`; // '***'
 * password.reveal(); // 'hunter2'
 * ```
 */
export class Secret {
  readonly #value: string;
  readonly #shown: string;

  /** `shown` stands for it instead of `***`: the masked form of a URL, say. */
  constructor(value: string, shown = MASK) {
    this.#value = value;
    this.#shown = shown;
    // What Node's util.inspect asks for. On the instance, since a computed name in the class would keep bundlers from
    // dropping it where nobody uses it.
    Object.defineProperty(this, Symbol.for('nodejs.util.inspect.custom'), { value: () => this.#shown });
  }

  /** The value itself, for the moment at which it is needed. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return this.#shown;
  }

  toJSON(): string {
    return this.#shown;
  }
}

/** A secret as an application hands it in: itself, or a function that fetches it when a connection is opened. */
export type SecretSource = string | Secret | (() => string | Secret | Promise<string | Secret>);

/** The value of a secret, fetched anew each time where it is a function: a token may have been renewed. */
export async function revealSecret(source: SecretSource): Promise<string> {
  const value = typeof source === 'function' ? await source() : source;
  return typeof value === 'string' ? value : value.reveal();
}

/** Whether a value can be revealed: a text or a secret. By what it can do, not by its class: the package may be there twice. */
export function isSecret(value: unknown): value is string | Secret {
  if (typeof value === 'string') return true;
  return typeof value === 'object' && value !== null && 'reveal' in value && typeof value.reveal === 'function';
}
