import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright';

/** A browser that tests can start, or the one line that says what is missing. */
export type FoundBrowser =
  | { readonly executablePath: string; readonly missing?: never }
  | { readonly executablePath?: never; readonly missing: string };

/** Flags for a headless Chromium as root in a container, without traffic of its own. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const CHROMIUM_PATHS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(
  (name) => `/usr/bin/${name}`,
);

let found: FoundBrowser | undefined;

/**
 * Finds a Chromium: `MESHESTRA_CHROMIUM`, Playwright's own download, the usual paths; else installs one, by
 * `playwright install chromium` or, as root on Debian, by apt-get. The answer is kept for this process.
 *
 * Under `CI=true` a missing browser is an error, so that no proof is left out unseen; elsewhere the caller skips its
 * tests by name: `describe.skipIf(browser.missing)(title(browser), …)`.
 */
export function findChromium(): FoundBrowser {
  found ??= locateChromium() ?? installChromium();
  if (found.missing !== undefined && process.env.CI === 'true') throw new Error(found.missing);
  return found;
}

/**
 * Finds a Firefox: `MESHESTRA_FIREFOX` or the usual paths. Under `CI=true` firefox-esr is installed where apt-get
 * allows; elsewhere nothing is installed for it.
 */
export function findFirefox(): FoundBrowser {
  const asked = process.env.MESHESTRA_FIREFOX;
  if (asked !== undefined) return atPath(asked, 'MESHESTRA_FIREFOX');
  const executablePath = firstExisting(['/usr/bin/firefox-esr', '/usr/bin/firefox']);
  if (executablePath !== undefined) return { executablePath };
  if (process.env.CI === 'true' && aptInstall('firefox-esr') && existsSync('/usr/bin/firefox-esr')) {
    return { executablePath: '/usr/bin/firefox-esr' };
  }
  return { missing: 'no Firefox found: install firefox-esr, or set MESHESTRA_FIREFOX to its executable' };
}

/** A test title that carries why it is skipped, where it is. */
export function browserTitle(title: string, browser: FoundBrowser): string {
  return browser.missing === undefined ? title : `${title} (skipped: ${browser.missing})`;
}

function locateChromium(): FoundBrowser | undefined {
  const asked = process.env.MESHESTRA_CHROMIUM;
  if (asked !== undefined) return atPath(asked, 'MESHESTRA_CHROMIUM');
  const executablePath = firstExisting([chromium.executablePath(), ...CHROMIUM_PATHS]);
  return executablePath === undefined ? undefined : { executablePath };
}

function atPath(executablePath: string, variable: string): FoundBrowser {
  return existsSync(executablePath)
    ? { executablePath }
    : { missing: `${variable} is ${executablePath}, where there is no file` };
}

function firstExisting(paths: readonly string[]): string | undefined {
  return paths.find((path) => path !== '' && existsSync(path));
}

function installChromium(): FoundBrowser {
  process.stderr.write('no Chromium found, installing one (set MESHESTRA_CHROMIUM to use yours)\n');
  const playwright = spawnSync('npx', ['playwright', 'install', 'chromium'], { encoding: 'utf8', timeout: 300_000 });
  const downloaded = playwright.status === 0 ? locateChromium() : undefined;
  if (downloaded !== undefined) return downloaded;
  const packaged = aptInstall('chromium') ? locateChromium() : undefined;
  if (packaged !== undefined) return packaged;
  return {
    missing:
      'no Chromium found and none could be installed: install Chromium or Chrome, run `npx playwright install ' +
      'chromium`, or set MESHESTRA_CHROMIUM to its executable',
  };
}

/** Installs a Debian package as root; false where this is not Debian, not root, or the installation fails. */
function aptInstall(name: string): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    execFileSync('apt-get', ['update'], { env, stdio: 'ignore', timeout: 300_000 });
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', name], {
      env,
      stdio: 'ignore',
      timeout: 600_000,
    });
    return true;
  } catch (error) {
    process.stderr.write(`apt-get could not install ${name}: ${String(error)}\n`);
    return false;
  }
}
