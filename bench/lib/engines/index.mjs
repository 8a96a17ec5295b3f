// The engines of the workloads: which module opens them, and which contenders are written for them.
const FAMILIES = { sqljs: 'sqlite', 'better-sqlite3': 'sqlite', pg: 'pg' };

/** An engine by its name, and the folder of its contenders. */
export async function loadEngine(name) {
  return { engine: await import(`./${name}.mjs`), family: FAMILIES[name] };
}
