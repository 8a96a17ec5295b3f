/** A frame that plays a second tab: it increments the counter 100 times, reading and writing, and tells its parent. */
import './page.ts';

async function increment(): Promise<string> {
  const { connection, driver } = await testPage.open('counter');
  for (let index = 0; index < 100; index++) {
    await connection.transact?.(async (tx) => {
      const { rows } = await tx.execute({ sql: 'SELECT n FROM counter', params: [] });
      const next = (rows[0]?.[0] as number) + 1;
      await tx.execute({ sql: 'UPDATE counter SET n = ?', params: [next] }, { writes: ['counter'] });
    });
  }
  await driver.close();
  return 'done';
}

increment().then(
  (outcome) => parent.postMessage(outcome, '*'),
  (error: unknown) => parent.postMessage(String(error), '*'),
);
