/** Texts and names, each with its end where there is one, comments, and what parts statements. */
const PART =
  /'(?:[^'\\]+|\\.|'')*('?)|"(?:[^"\\]+|\\.|"")*("?)|`[^`]*(`?)|--(?=[ \t\n\r]|$)[^\n]*|#[^\n]*|\/\*.*?(?:(\*\/)|$)|;/gs;

/** A comment that the server reads, as statements of its own; in one of these words nothing can begin or end. */
const PLAIN_HINT = /^\/\*(?:M?!|\+)[\w\s,.()@]*\*\/$/;
const HINT = /^\/\*(?:M?!|\+)/;

/** What the lexers of some servers take in another way: control characters, and MySQL's quoting by dollars. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those that count as blanks, or end a text
const UNSURE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]|\$\w*\$/;

/**
 * Whether a text is surely one statement, which ends where the text ends, so that another one can stand behind it on a line of
 * its own. Said of the modes without ANSI_QUOTES and NO_BACKSLASH_ESCAPES. Where it is not sure, the answer is no.
 */
export function isOneStatement(sql: string): boolean {
  if (UNSURE.test(sql)) return false;
  for (const match of sql.matchAll(PART)) {
    const [part] = match;
    if (part === ';' || (HINT.test(part) && !PLAIN_HINT.test(part))) return false;
    if (/^['"`]|^\/\*/.test(part) && !match.slice(1).some(Boolean)) return false;
  }
  return true;
}
