const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|[\p{L}_][\p{L}\p{N}_$]*|./gsu;

/**
 * An expression in which names in quotes, and bare ones, are other names. An expression that speaks of something else by the
 * same name is changed too; it then differs from what is wanted, and is made anew.
 */
export function renameIdentifiers(sql: string, names: ReadonlyMap<string, string>): string {
  if (names.size === 0) return sql;
  return sql.replace(TOKEN, (token) => {
    const quote = token.slice(0, 1);
    if (quote !== '"' && quote !== '`') return bare(token, names.get(token));
    const name = names.get(token.slice(1, -1).replaceAll(quote.repeat(2), quote));
    return name === undefined ? token : quote + name.replaceAll(quote, quote.repeat(2)) + quote;
  });
}

// A name that needs quotes cannot stand without.
function bare(token: string, name: string | undefined): string {
  return name !== undefined && /^[a-z_][a-z0-9_]*$/.test(name) ? name : token;
}
