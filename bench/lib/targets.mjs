// The targets of the design (facts/performance.md, sql.js columns). Ratios to raw, except W7 (µs) and W8 (ms).
export const TARGETS = {
  W1: { must: 0.5, stretch: 0.3 },
  W2: { must: 1.5, stretch: 1.25 },
  W3: { must: 1.7, stretch: 1.4 },
  W4: { must: 1.8, stretch: 1.4 },
  W5: { must: 0.95, stretch: 0.75 },
  W6: { must: 1.2, stretch: 0.9 },
  W7: { must: 12, stretch: 1.5 },
  W8: { must: 1.0, stretch: 0.65 },
  W9: { must: 1.15, stretch: 0.95 },
};

/** Statements a workload may take, begin and commit included. */
export const STATEMENTS = { W3: 2, W4: 4, W5: 102, W6: 5, W8: 3 };

/** Bytes of heap per tracked entity, relations included. */
export const HEAP_AIM = 700;

/** Bundle, minified and gzipped, without the driver: the budget the build gates, and the aim. */
export const BUNDLE = { budget: 35_000, aim: 20_000 };

export function verdict(value, { must, stretch }) {
  if (value === undefined || value === null || Number.isNaN(value)) return 'not measured: not offered yet';
  if (value <= stretch) return 'stretch met';
  return value <= must ? 'met' : `missed (${(value / must).toFixed(2)}× of must)`;
}
