import { ConfigurationError } from '../errors.ts';

/** Loads a package that an application may not have. Throws `configuration` with what is to be done then, and its cause. */
export async function importPackage<M>(load: () => Promise<M>, missing: string): Promise<M> {
  try {
    return await load();
  } catch (cause) {
    throw new ConfigurationError(missing, { cause });
  }
}
