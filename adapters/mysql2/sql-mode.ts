/**
 * Modes of the session: strict, so that no value is cut or changed; a key of 0 is a key. Without NO_BACKSLASH_ESCAPES, in
 * which the escape character of LIKE would be written otherwise, and without ANSI_QUOTES.
 */
export const SQL_MODE: string =
  'STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,' +
  'NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION';
