import type { Context } from 'hono';

/** A part of a list. */
export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** What to ask for: one more than is shown tells whether there are more, without a COUNT of its own. */
export const oneMore = ({ limit, offset }: Page): Page => ({ limit: limit + 1, offset });

/** A part of a list, and where the next one is: in `next`, and in the header Link. */
export function answerPage(c: Context, { limit, offset }: Page, found: readonly unknown[]): Response {
  const items = found.slice(0, limit);
  if (found.length <= limit) return c.json({ items, next: null });
  const url = new URL(c.req.url);
  url.searchParams.set('limit', String(limit));
  url.searchParams.set('offset', String(offset + limit));
  const next = `${url.pathname}${url.search}`;
  return c.json({ items, next }, 200, { link: `<${next}>; rel="next"` });
}
