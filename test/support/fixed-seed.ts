import fc from 'fast-check';

/**
 * Properties are tried on the same values in every run, so that a run tells of the code and not of the day. Another seed
 * tries others: `MESHESTRA_SEED=$RANDOM npm test`.
 *
 * @module
 */
fc.configureGlobal({ seed: Number(process.env.MESHESTRA_SEED ?? 20_261_121) });
