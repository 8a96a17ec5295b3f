/** Whether a table is one of Meshestra's own: its ledger and lease, and what stands in for another one while that changes. */
export function isOwnTable({ name }: { readonly name: string }): boolean {
  return name.startsWith('__meshestra_');
}
