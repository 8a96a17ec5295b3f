import { afterEach, describe, expect, it, vi } from 'vitest';
import { nodeSqlite } from '../../../adapters/node-sqlite/index.ts';
import { loadNodeSqlite } from '../../../adapters/node-sqlite/load-node-sqlite.ts';
import { expectCode } from '../../conformance/laws.ts';

describe('A Node without node:sqlite', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is a configuration error that names the version needed, and this one', async () => {
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    const driver = nodeSqlite({ path: ':memory:' });
    const error = await expectCode(() => driver.connect(), 'configuration');
    expect(error.message).toContain('Node 24.16');
    expect(error.message).toContain(process.version);
    await driver.close();
  });

  it('is one, too, where its node:sqlite has no rows as arrays, or cuts texts at NUL', async () => {
    class StatementSync {}
    const builtin = vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ StatementSync } as never);
    await expectCode(() => loadNodeSqlite(), 'configuration');
    const closed: string[] = [];
    class CuttingStatement {
      setReturnArrays(): void {}
      all = () => [['a']];
    }
    class DatabaseSync {
      prepare = () => new CuttingStatement();
      close = () => void closed.push('closed');
    }
    builtin.mockReturnValue({ DatabaseSync, StatementSync: CuttingStatement } as never);
    await expectCode(() => loadNodeSqlite(), 'configuration');
    expect(closed).toEqual(['closed']);
  });

  it('is what the driver says of the Node that runs this, where it is one', async () => {
    const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
    const isOld = major < 24 || (major === 24 && minor < 16);
    const driver = nodeSqlite({ path: ':memory:' });
    if (isOld) await expectCode(() => driver.connect(), 'configuration');
    else await driver.connect();
    await driver.close();
  });
});
