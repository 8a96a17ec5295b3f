/** Lets everybody else go on who can. */
export type Turn = () => Promise<void>;

const timer: Turn = () => new Promise((resolve) => setTimeout(resolve, 1));
let current = timer;

/** Lets everybody else go on; for laws about what happens at once. */
export const turn: Turn = () => current();

/**
 * Sets what a turn is, where timers do not come as long as a transaction is open: nothing is waited for there but promises.
 */
export function setTurn(turnOfRuntime: Turn = timer): void {
  current = turnOfRuntime;
}
