import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { revealSecret, Secret } from '../../../src/port.ts';

const VALUE = 'hunter2';
const secret = new Secret(VALUE);

describe('a secret', () => {
  it.each<[string, () => unknown]>([
    ['a template string', () => `${secret}`],
    ['concatenation', () => `a${secret}b`.slice(1, -1)],
    ['String()', () => String(secret)],
    ['inspect', () => inspect(secret)],
    ['inspect that shows what is hidden', () => inspect(secret, { showHidden: true, depth: 9 })],
    ['toJSON', () => secret.toJSON()],
    ['a joined array', () => [secret].join()],
  ])('shows as a mask in %s', (_, show) => {
    expect(show()).toBe('***');
  });

  it('shows as a mask inside of whatever holds it', () => {
    const holder = { user: 'ada', password: secret };
    expect(JSON.stringify(holder)).toBe('{"user":"ada","password":"***"}');
    expect(inspect(holder)).toBe("{ user: 'ada', password: *** }");
    expect(inspect(new Map([['a', [holder]]]), { depth: 9 })).not.toContain(VALUE);
    expect(inspect(Object.assign(new Error('failed'), { holder }))).not.toContain(VALUE);
  });

  it('has no property that a copy would take along', () => {
    expect(Object.keys(secret)).toEqual([]);
    expect({ ...secret }).toEqual({});
    expect(JSON.stringify(Object.getOwnPropertyDescriptors(secret))).not.toContain(VALUE);
  });

  it('gives its value to who asks for it by name', () => {
    expect(secret.reveal()).toBe(VALUE);
  });

  it('is revealed from every form in which it is handed in', async () => {
    expect(await revealSecret(VALUE)).toBe(VALUE);
    expect(await revealSecret(secret)).toBe(VALUE);
    expect(await revealSecret(() => VALUE)).toBe(VALUE);
    expect(await revealSecret(async () => secret)).toBe(VALUE);
  });

  it('is fetched anew each time from a function', async () => {
    let count = 0;
    const source = () => {
      count += 1;
      return `token ${count}`;
    };
    expect(await revealSecret(source)).toBe('token 1');
    expect(await revealSecret(source)).toBe('token 2');
  });
});
