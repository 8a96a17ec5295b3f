/** Builds everything into a folder (`demo-web/dist`); resolves with the names of the files that work offline. */
export function buildDemo(out?: string): Promise<readonly string[]>;
