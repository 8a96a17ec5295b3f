// The targets of the design (facts/performance.md) by engine. Ratios to raw, except W7 (µs) and W8 (ms).
export const TARGETS = {
  sqljs: {
    W1: { must: 0.5, stretch: 0.3 },
    W2: { must: 1.5, stretch: 1.25 },
    W3: { must: 1.7, stretch: 1.4 },
    W4: { must: 1.8, stretch: 1.4 },
    W5: { must: 0.95, stretch: 0.75 },
    W6: { must: 1.2, stretch: 0.9 },
    W7: { must: 12, stretch: 1.5 },
    W8: { must: 1.0, stretch: 0.65 },
    W9: { must: 1.15, stretch: 0.95 },
  },
  'better-sqlite3': {
    W1: { must: 4, stretch: 3 },
    W2: { must: 1.9, stretch: 1.5 },
    W3: { must: 2.0, stretch: 1.7 },
    W4: { must: 2.0, stretch: 1.5 },
    W5: { must: 0.9, stretch: 0.65 },
    W6: { must: 1.3, stretch: 1.0 },
    W7: { must: 12, stretch: 1.5 },
    W8: { must: 1.0, stretch: 0.6 },
    W9: { must: 1.3, stretch: 1.0 },
  },
  pg: {
    W1: { must: 1.2, stretch: 1.05 },
    W2: { must: 1.0, stretch: 0.8 },
    W3: { must: 1.1, stretch: 0.9 },
    W4: { must: 1.1, stretch: 0.9 },
    W5: { must: 0.95, stretch: 0.8 },
    W6: { must: 0.18, stretch: 0.12 },
    W7: { must: 12, stretch: 1.5 },
    W8: { must: 1.2, stretch: 0.8 },
    W9: { must: 1.15, stretch: 0.9 },
  },
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
