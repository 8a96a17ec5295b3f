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
 * `configuration` where it is not there, or cannot yet answer with arrays, which is the case before Node 22.16.
 */
export function loadNodeSqlite(): NodeSqliteModule {
  const { process } = globalThis as Runtime;
  const module = process?.getBuiltinModule?.('node:sqlite');
  if (module !== undefined && 'setReturnArrays' in module.StatementSync.prototype) return module;
  throw new ConfigurationError(
    `node:sqlite is needed as Node 22.16 and later have it, best Node 24; this is ${process?.version ?? 'no Node'}. ` +
      'Use meshestra/better-sqlite3 here, or a newer Node',
  );
}
