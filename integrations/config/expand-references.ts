import { type Path, refuse, writePath } from './layer.ts';

/** Variables by name, as `process.env` has them. */
export type Variables = Readonly<Record<string, string | undefined>>;

const REFERENCE = /\$(\$)?\{([^}]*)\}/g;
const NAME_AND_DEFAULT = /^([A-Za-z_]\w*)(?::-([\s\S]*))?$/;

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every text of a file by the variable's value; `$${` stands for `${`. It works
 * on what was parsed, so that a value can never become syntax. A variable that is not set, or empty, takes the default,
 * and is an error without one.
 */
export function expandReferences(data: unknown, variables: Variables, place: (path: Path) => string): unknown {
  const problems: string[] = [];
  const expand = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') {
      return expandText(value, variables, (what) => problems.push(`${place(path)}: ${writePath(path)}: ${what}`));
    }
    if (Array.isArray(value)) return value.map((item, index) => expand(item, [...path, index]));
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, expand(item, [...path, key])]));
  };
  const expanded = expand(data, []);
  return problems.length > 0 ? refuse(problems) : expanded;
}

function expandText(text: string, variables: Variables, report: (what: string) => void): string {
  return text.replace(REFERENCE, (whole, escaped: string | undefined, inner: string) => {
    if (escaped !== undefined) return whole.slice(1);
    const [, name, fallback] = NAME_AND_DEFAULT.exec(inner) ?? [];
    if (name === undefined) {
      // Nothing of it is shown: it may be a piece of a password.
      report(`a reference has the form \${NAME} or \${NAME:-default}, and $\${ stands for \${`);
      return '';
    }
    const found = variables[name] || fallback;
    if (found === undefined) report(`the variable ${name} is not set`);
    return found ?? '';
  });
}
