import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserTitle, findFirefox } from '../../../support/chromium.ts';
import { createProfile } from './support/browser-process.ts';
import { type PageServer, servePage } from './support/server.ts';

const firefox = findFirefox();

// Playwright drives its own build of Firefox only, which cannot be downloaded here; so the page drives itself, and posts
// what it found. A killed Firefox is beyond this.
describe.skipIf(firefox.missing)(browserTitle('sqljs in Firefox', firefox), () => {
  const profile = createProfile();
  let server: PageServer;
  let browser: ChildProcess;

  beforeAll(async () => {
    server = await servePage();
    // Nothing asked, nothing fetched, nothing restored.
    const preferences = {
      'browser.shell.checkDefaultBrowser': false,
      'browser.aboutwelcome.enabled': false,
      'datareporting.policy.dataSubmissionEnabled': false,
      'app.update.enabled': false,
      'network.captive-portal-service.enabled': false,
    };
    const lines = Object.entries(preferences).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${value});`);
    writeFileSync(join(profile.path, 'user.js'), lines.join('\n'));
    const flags = ['--headless', '--no-remote', '--profile', profile.path, `${server.origin}/unattended`];
    browser = spawn(firefox.executablePath ?? '', flags, {
      stdio: 'ignore',
      env: { ...process.env, HOME: profile.path },
    });
  });
  afterAll(async () => {
    const exit = new Promise((resolve) => browser.once('exit', resolve));
    browser.kill('SIGTERM');
    await exit;
    await server.close();
    profile.remove();
  });

  it('persists, defers, runs in a worker, and takes turns with two other documents', async () => {
    expect(await server.report).toEqual({
      step: 1,
      warnings: 0,
      kept: '\ufeffkept 😀',
      integrity: 'ok',
      code: 'unique-violation',
      deferred: 1,
      tabs: ['done', 'done'],
      counter: 200,
    });
  });
});
