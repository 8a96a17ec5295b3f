/**
 * What the command line tool is told of an application: the config file's part of it.
 *
 * @module
 */
export { type CliConfig, defineConfig, type MigrationFolder, type ServerDatabase } from './cli-config.ts';
