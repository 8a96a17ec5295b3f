import { ConfigurationError } from '../../src/port.ts';
import type { NodeSqliteModule } from './native-handle.ts';

interface Runtime {
  readonly process?: {
    readonly version?: string;
    getBuiltinModule?(name: 'node:sqlite'): NodeSqliteModule | undefined;
  };
}

/**
 * The module node:sqlite of this Node. No `import('node:sqlite')`, because older bundlers know no such module. Throws
 * `configuration` where it is not there (before Node 22.13), cannot answer with arrays (before 22.16), or cuts texts at
 * NUL without a word (before 24.16).
 */
export function loadNodeSqlite(): NodeSqliteModule {
  const { process } = globalThis as Runtime;
  const module = process?.getBuiltinModule?.('node:sqlite');
  if (module !== undefined && isSound(module)) return module;
  throw new ConfigurationError(
    `node:sqlite is needed as Node 24.16 and later have it, and this is ${process?.version ?? 'no Node'}: ` +
      'use a newer Node, or meshestra/better-sqlite3',
  );
}

function isSound({ DatabaseSync, StatementSync }: NodeSqliteModule): boolean {
  if (!('setReturnArrays' in StatementSync.prototype)) return false;
  const database = new DatabaseSync(':memory:');
  try {
    const statement = database.prepare("SELECT 'a' || char(0) || 'b'");
    statement.setReturnArrays(true);
    return (statement.all() as string[][])[0]?.[0] === 'a\0b';
  } finally {
    database.close();
  }
}
