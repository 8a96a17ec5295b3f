import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, findChromium } from '../../../../support/chromium.ts';

/** A Chromium whose process is ours, so that it and its renderers can be killed, with a profile that outlives it. */
export interface BrowserProcess {
  readonly context: BrowserContext;
  /** Opens a page and waits until the driver is there. */
  openPage(url: string): Promise<Page>;
  killRenderers(): void;
  /** SIGKILL to the browser itself. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** A fresh profile directory. */
export function createProfile(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'meshestra-chromium-'));
  return { path, remove: () => removeFolder(path) };
}

// Children of a killed browser may go on writing for a moment: what cannot be removed now goes when the tests end.
function removeFolder(path: string, last = false): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    if (!last) process.once('exit', () => removeFolder(path, true));
  }
}

/** Starts Chromium on a profile. */
export async function startBrowser(profile: string): Promise<BrowserProcess> {
  const { executablePath, missing } = findChromium();
  if (executablePath === undefined) throw new Error(missing);
  const flags = [...CHROMIUM_FLAGS, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'];
  const process = spawn(executablePath, flags, { stdio: ['ignore', 'ignore', 'pipe'] });
  const browser = await chromium.connectOverCDP(await debuggerAddress(process));
  const context = browser.contexts()[0];
  if (context === undefined) throw new Error('Chromium has no default context');
  return {
    context,
    openPage: async (url) => {
      const page = await newPage(context);
      await page.goto(url);
      await page.waitForFunction(() => 'testPage' in globalThis);
      return page;
    },
    killRenderers: () => {
      for (const pid of rendererPids(process.pid ?? 0)) signal(pid);
    },
    kill: () => ended(process, () => process.kill('SIGKILL')),
    close: () => closeBrowser(process, browser),
  };
}

// Chromium keeps a spare renderer for the next page; where it was killed with the others, the page after it is sound.
async function newPage(context: BrowserContext): Promise<Page> {
  try {
    return await context.newPage();
  } catch (error) {
    if (!String(error).includes('crashed')) throw error;
    return await context.newPage();
  }
}

async function closeBrowser(process: ChildProcess, browser: Browser): Promise<void> {
  await ended(process, () => {
    process.kill('SIGTERM');
  });
  await browser.close().catch(() => {});
}

async function ended(process: ChildProcess, end: () => void): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const exit = new Promise((resolve) => process.once('exit', resolve));
  end();
  await exit;
}

function debuggerAddress(process: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`Chromium did not start:\n${output}`)), 30_000);
    process.stderr?.on('data', (chunk) => {
      output += String(chunk);
      const address = /DevTools listening on (ws:\S+)/.exec(output)?.[1];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    process.once('exit', () => reject(new Error(`Chromium ended:\n${output}`)));
  });
}

/** The renderer processes below a browser process. */
function rendererPids(browser: number): readonly number[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const parents = new Map(processes.map((pid) => [pid, parentOf(pid)]));
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid) ?? 0;
    return parent === browser || (parent > 1 && isBelow(parent));
  };
  return processes.filter((pid) => isBelow(pid) && commandOf(pid).includes('--type=renderer'));
}

function parentOf(pid: number): number {
  // The command name, in parentheses, may hold anything.
  const fields = readProc(pid, 'stat').replace(/^.*\)/s, '').trim().split(' ');
  return Number(fields[1] ?? 0);
}

function commandOf(pid: number): string {
  return readProc(pid, 'cmdline');
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
