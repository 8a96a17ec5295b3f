/** What a source file may hold as a literal. */
export type Printable = string | number | boolean | null | readonly Printable[] | { readonly [key: string]: Printable };

/** A value as TypeScript source, laid out for reading. Texts of several lines are template literals. */
export function printLiteral(value: Printable, depth = 0): string {
  if (typeof value === 'string') return value.includes('\n') ? printTemplate(value) : printText(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const isList = Array.isArray(value);
  const items = isList
    ? value.map((item: Printable) => printLiteral(item, depth + 1))
    : Object.entries(value).map(([key, item]) => `${printKey(key)}: ${printLiteral(item as Printable, depth + 1)}`);
  const [open, close] = isList ? ['[', ']'] : ['{', '}'];
  if (items.length === 0) return `${open}${close}`;
  const margin = '  '.repeat(depth + 1);
  return `${open}\n${items.map((item) => `${margin}${item},\n`).join('')}${'  '.repeat(depth)}${close}`;
}

/** A text as a literal: in single quotes, or in double ones where it would need escapes otherwise. */
export function printText(text: string): string {
  const doubled = JSON.stringify(text);
  const isPlain = text.includes("'") && !text.includes('"');
  const quoted = isPlain ? doubled : `'${doubled.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  return quoted.replaceAll(/[\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`);
}

// What would end it, or begin a hole, is escaped; a carriage return would be read as a line feed.
function printTemplate(text: string): string {
  return `\`${text.replaceAll(/[\\`]|\$\{/g, (sign) => `\\${sign}`).replaceAll('\r', '\\r')}\``;
}

/** A property's name, in quotes where it needs them. */
function printKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : printText(name);
}
