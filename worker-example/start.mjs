/**
 * `npm run worker`: the worker in workerd on this machine, with D1 kept in `.wrangler/`. No account and no network is needed.
 *
 * The secret that tokens are signed with is made at the first start, and kept in `.dev.vars`; there, too, is the place for a
 * DATABASE_URL.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sign } from 'hono/jwt';

const here = dirname(fileURLToPath(import.meta.url));
const VARIABLES = join(here, '.dev.vars');
const ROLES = ['reader', 'editor', 'admin'];
const HOURS = 12;

function readSecret() {
  if (!existsSync(VARIABLES)) {
    writeFileSync(VARIABLES, `JWT_SECRET="${randomBytes(32).toString('base64url')}"\n`, { mode: 0o600 });
  }
  const found = /^\s*JWT_SECRET\s*=\s*["']?([^"'\r\n]+)/m.exec(readFileSync(VARIABLES, 'utf8'));
  if (found === null) throw new Error(`${VARIABLES} has no JWT_SECRET`);
  return found[1].trim();
}

async function printTokens(secret, port) {
  const exp = Math.floor(Date.now() / 1000) + HOURS * 3600;
  for (const role of ROLES) {
    console.log(`${role.toUpperCase()}=${await sign({ sub: `local ${role}`, role, exp }, secret, 'HS256')}`);
  }
  console.log(`# tokens for ${HOURS} hours; paste them into a shell, and then for example:`);
  console.log(`curl -H "Authorization: Bearer $READER" http://localhost:${port}/api/albums\n`);
}

const port = process.env.PORT ?? '8787';
await printTokens(readSecret(), port);
const wrangler = join(dirname(createRequire(import.meta.url).resolve('wrangler/package.json')), 'bin/wrangler.js');
const child = spawn(process.execPath, [wrangler, 'dev', '--config', join(here, 'wrangler.jsonc'), '--port', port], {
  stdio: 'inherit',
});
// Ctrl+C reaches wrangler, too, which then ends by itself.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill());
child.on('exit', (code) => {
  process.exitCode = code ?? 0;
});
