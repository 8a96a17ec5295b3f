import { describe } from 'vitest';
import { registerLaws } from './laws.ts';
import { failing } from './migrations/failing.ts';
import { losing } from './migrations/losing.ts';
import { racing } from './migrations/racing.ts';
import { refusing } from './migrations/refusing.ts';
import { running } from './migrations/running.ts';
import type { Subject } from './subject.ts';

/** Migrations, up and down, refused, failing, and run by several at once. */
export function migrationSuite(subject: Subject): void {
  describe(`${subject.name}: migrations`, () => {
    registerLaws(subject, 'migrations', { ...running, ...refusing, ...failing, ...racing, ...losing });
  });
}
