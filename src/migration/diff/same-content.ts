/** Whether two parts of a model say the same, whatever their names are. */
export function sameContent(one: object, other: object): boolean {
  return contentOf(one) === contentOf(other);
}

/** What a part of a model says, but for its name. */
function contentOf(part: object): string {
  return JSON.stringify(part, (key, value: unknown) => (key === 'name' ? undefined : sorted(value)));
}

// The order in which properties were written says nothing.
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
