/** How a migration is called in messages. */
export function titleOf({ version, name }: { readonly version: string; readonly name: string }): string {
  return `the migration ${version} "${name}"`;
}
