/** What a statement does, as far as the driver has to know, by its first words. */
export interface StatementVerb {
  /** `prepared`: it takes parameters and is run again; `plain`: it is sent as text, because it cannot be prepared. */
  readonly protocol: 'prepared' | 'plain';
  /** Begins or ends a transaction, which is `transact`'s to do. */
  readonly control: boolean;
  /** Changes the session, so that nobody else should get the connection afterwards. */
  readonly altersSession: boolean;
  /** Runs statements that the text does not show, so that only the server's status tells what it left behind. */
  readonly opaque: boolean;
  /** Defines something, before which the server commits what is open. */
  readonly definition: boolean;
}

const PREPARED = /^(?:\(|(?:select|insert|update|delete|replace|with|values|table)\b)/i;
const CONTROL =
  /^(?:start\s+transaction|begin(?!\s+not\s+atomic)|commit|rollback(?!\s+(?:work\s+)?to\b)|xa|lock\s+tables?|unlock\s+tables?|set\s+(?:session\s+|local\s+|@@(?:session\.|local\.)?)?autocommit)\b/i;
const SESSION = /^(?:use\b|set\b(?!\s+(?:statement|global|persist|password)\b))/i;

// https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html
const DEFINITION =
  /^(?:(?:create|drop)(?!\s+temporary\b)|alter|rename|truncate|grant|revoke|analyze|optimize|repair|flush|install|uninstall)\b/i;

const OPAQUE = /^(?:call\b|begin\s+not\s+atomic\b|execute\b|\/\*M?!)/i;

/** Looks at the first words of a text. */
export function statementVerb(sql: string): StatementVerb {
  const text = withoutComments(sql);
  return {
    protocol: PREPARED.test(text) ? 'prepared' : 'plain',
    control: CONTROL.test(text),
    altersSession: SESSION.test(text),
    opaque: OPAQUE.test(text),
    definition: DEFINITION.test(text),
  };
}

// Comments that the server executes are left: they begin with `/*!` or `/*M!`.
function withoutComments(sql: string): string {
  let text = sql.trimStart();
  for (;;) {
    const end = commentEnd(text);
    if (end === -1) return text;
    text = text.slice(end).trimStart();
  }
}

function commentEnd(text: string): number {
  if (text.startsWith('/*') && !/^\/\*M?!/.test(text)) {
    const end = text.indexOf('*/', 2);
    return end === -1 ? text.length : end + 2;
  }
  if (!/^(?:#|--\s)/.test(text)) return -1;
  const end = text.indexOf('\n');
  return end === -1 ? text.length : end + 1;
}
