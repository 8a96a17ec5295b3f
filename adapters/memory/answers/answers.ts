import type { Statement } from '../../../src/port.ts';
import { type Match, matches } from '../match.ts';
import type { Answer } from './scripted-answer.ts';

interface Script {
  readonly match: Match;
  readonly answer: Answer;
}

/** The scripted answers: those for one time in their order, before those that hold always, of which the newest wins. */
export class Answers {
  #once: Script[] = [];
  #always: Script[] = [];

  /** The matches of answers for one time that nothing has asked for yet. */
  get unused(): readonly Match[] {
    return this.#once.map(({ match }) => match);
  }

  addOnce(match: Match, answer: Answer): void {
    this.#once.push({ match, answer });
  }

  addAlways(match: Match, answer: Answer): void {
    this.#always.unshift({ match, answer });
  }

  /** Takes the answer of a statement; undefined where none is scripted. */
  take(statement: Statement): Answer | undefined {
    const place = this.#once.findIndex(({ match }) => matches(match, statement));
    if (place >= 0) return this.#once.splice(place, 1)[0]?.answer;
    return this.#always.find(({ match }) => matches(match, statement))?.answer;
  }

  forget(): void {
    this.#once = [];
    this.#always = [];
  }
}
