/** The bare test page for a browser that nobody drives: it goes through its steps by itself and posts what it found. */
import './page.ts';

const found: Record<string, unknown> = JSON.parse(sessionStorage.getItem('found') ?? '{}');

async function writeAndReload(): Promise<void> {
  const db = await testPage.open('kept', { durability: 'strict' });
  await db.run('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT) STRICT');
  await db.run('INSERT INTO t (v) VALUES (?)', ['\ufeffkept 😀'], ['t']);
  found.warnings = db.warnings.length;
  const deferred = await testPage.open('deferred', { durability: 'deferred', flushDelay: 60_000 });
  await deferred.run('CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT');
  await deferred.driver.flush();
  await deferred.run('INSERT INTO t VALUES (1)', [], ['t']);
  next();
}

async function readAndShare(): Promise<void> {
  const db = await testPage.open('kept', { worker: testPage.worker });
  found.kept = await db.value('SELECT v FROM t');
  found.integrity = await db.value('PRAGMA integrity_check');
  found.code = await testPage.codeOf(() => db.run('INSERT INTO t (id) VALUES (1)'));
  found.deferred = await (await testPage.open('deferred')).value('SELECT count(*) FROM t');
  const counter = await testPage.open('counter');
  await counter.run('CREATE TABLE counter (n INTEGER) STRICT');
  await counter.run('INSERT INTO counter VALUES (0)', [], ['counter']);
  found.tabs = await Promise.all([frame(), frame()]);
  await counter.run('UPDATE counter SET n = n WHERE 0', [], ['counter']);
  found.counter = await counter.value('SELECT n FROM counter');
  await report();
}

function frame(): Promise<unknown> {
  const element = document.createElement('iframe');
  element.src = '/tab';
  document.body.append(element);
  return new Promise((resolve) => {
    addEventListener('message', (event) => {
      if (event.source === element.contentWindow) resolve(event.data);
    });
  });
}

function next(): void {
  sessionStorage.setItem('found', JSON.stringify({ ...found, step: 1 }));
  location.reload();
}

async function report(): Promise<void> {
  await fetch('/report', { method: 'POST', body: JSON.stringify(found) });
}

const step = found.step === 1 ? readAndShare : writeAndReload;
step().catch(async (error: unknown) => {
  found.error = String(error);
  await report();
});
