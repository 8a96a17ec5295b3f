/** The longest time that the timers of JavaScript's runtimes wait, in milliseconds; they take a longer one for 1 ms. */
export const LONGEST_TIMER = 2 ** 31 - 1;
