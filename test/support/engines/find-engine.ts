import { inject } from 'vitest';
import type { EngineName, ServerSettings } from './engine-kind.ts';
import { type KeptServer, keepPlannedServer, keepServer } from './kept-server.ts';
import { ENGINE_KINDS, type FoundBinaries, type FoundEngine } from './locate-engine.ts';
import { postgresKind, standbyPlan } from './postgres-kind.ts';

/**
 * Finds the server of a kind for a test file: `MESHESTRA_TEST_PG_URL` or `MESHESTRA_TEST_MYSQL_URL`, a server on the
 * default local port, one started from installed programs. The whole run uses the same one, so a test makes databases of
 * its own in it ({@link createScratchDatabase}) and changes nothing that others could see.
 *
 * Under `CI=true` a missing server is an error, so that no proof is left out unseen; elsewhere the caller skips its
 * tests by name: `describe.skipIf(engine.missing !== undefined)(engineTitle('…', engine), …)`.
 */
export async function findEngine(name: EngineName): Promise<FoundEngine> {
  return demandUnderCi((await ask(name, 'engine')) as FoundEngine);
}

/** Finds the programs to start a server of our own with, under the same rules. */
export async function findServerBinaries(name: EngineName): Promise<FoundBinaries> {
  return demandUnderCi((await ask(name, 'binaries')) as FoundBinaries);
}

/** Starts a server that this test has for itself and may stop and kill. It ends with {@link KeptServer.close}. */
export async function startPrivateServer(
  name: EngineName,
  found: FoundBinaries,
  settings?: ServerSettings,
): Promise<KeptServer> {
  if (found.missing !== undefined) throw new Error(found.missing);
  return keepServer(ENGINE_KINDS[name], found, settings);
}

/** Starts a hot standby of a private PostgreSQL. It is ended before its primary, by {@link KeptServer.close}. */
export async function startStandby(
  primary: KeptServer,
  found: FoundBinaries,
  settings: ServerSettings = {},
): Promise<KeptServer> {
  if (found.missing !== undefined) throw new Error(found.missing);
  return keepPlannedServer(postgresKind, (directory, port) =>
    standbyPlan(found, primary.url, directory, port, settings),
  );
}

/** A test title that carries why it is skipped, where it is. */
export function engineTitle(title: string, { missing }: { readonly missing?: string | undefined }): string {
  return missing === undefined ? title : `${title} (skipped: ${missing})`;
}

async function ask(name: EngineName, what: 'engine' | 'binaries'): Promise<unknown> {
  return (await fetch(`${inject('engineBroker')}/${what}/${name}`)).json();
}

/** What was found; under `CI=true` it throws where that is nothing. */
export function demandUnderCi<T extends { readonly missing?: string }>(
  found: T,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): T {
  if (found.missing !== undefined && environment.CI === 'true') throw new Error(found.missing);
  return found;
}
