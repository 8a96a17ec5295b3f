#!/usr/bin/env node
/**
 * The command `meshestra`.
 *
 * @module
 */
import process from 'node:process';
import { runProgram } from './program.ts';

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());

process.exitCode = await runProgram(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  directory: process.cwd(),
  environment: process.env,
  isInteractive: process.stdin.isTTY === true && process.stdout.isTTY === true && process.env.CI === undefined,
  now: () => new Date(),
  signal: stop.signal,
});
