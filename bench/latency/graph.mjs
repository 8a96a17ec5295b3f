// The graph of the flush: 2 authors, 3 tags, 6 books, 8 links, 5 categories on three levels, 2 versioned updates and
// 1 versioned delete: 27 rows.

export const AUTHORS = ['Ada', 'Bob'];
export const TAGS = ['x', 'y', 'z'];
/** Each with its parent, level by level. */
export const CATEGORIES = [
  [['root', null]],
  [
    ['left', 'root'],
    ['right', 'root'],
  ],
  [
    ['low', 'left'],
    ['lower', 'right'],
  ],
];
export const BOOKS = Array.from({ length: 6 }, (_, n) => ({
  title: `book ${n}`,
  author: AUTHORS[n % 2],
  tags: n < 2 ? [TAGS[n % 3], TAGS[(n + 1) % 3]] : [TAGS[n % 3]],
}));
