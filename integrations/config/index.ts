/**
 * Configuration from files, environment variables, URLs and objects. Node only.
 *
 * @module
 */
export type {
  Config,
  ConfigInput,
  ConfigSources,
  DatabaseInput,
  DatabaseKinds,
  Expectations,
  FileDatabase,
  ReplicatedDatabase,
  ServerDatabase,
} from './config-types.ts';
export { loadConfig } from './load-config.ts';
