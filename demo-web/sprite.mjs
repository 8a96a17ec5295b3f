/** Makes one SVG file with a symbol for each icon that the app or the interface library draws. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The name an icon is asked for -> the name of its drawing in lucide. */
const ICONS = {
  // The app's own.
  album: 'disc-3',
  artist: 'mic-vocal',
  track: 'music-2',
  playlist: 'list-music',
  listen: 'headphones',
  genre: 'tags',
  label: 'building-2',
  data: 'database',
  menu: 'menu',
  search: 'search',
  add: 'plus',
  edit: 'pencil',
  delete: 'trash-2',
  undo: 'undo-2',
  save: 'save',
  up: 'arrow-up',
  down: 'arrow-down',
  sort: 'arrow-up-down',
  sql: 'terminal',
  export: 'download',
  import: 'upload',
  generate: 'sparkles',
  table: 'table-2',
  light: 'sun',
  dark: 'moon',
  'system-theme': 'sun-moon',
  online: 'wifi',
  offline: 'wifi-off',
  warning: 'triangle-alert',
  done: 'circle-check',
  'info-sign': 'info',
  more: 'ellipsis',
  back: 'arrow-left',
  keep: 'shield-check',
  file: 'file',
  close: 'x',
  stop: 'circle-stop',
  'star-empty': 'star',
  // Those the interface library's own parts draw.
  xmark: 'x',
  check: 'check',
  'chevron-down': 'chevron-down',
  'chevron-up': 'chevron-up',
  'chevron-left': 'chevron-left',
  'chevron-right': 'chevron-right',
  'angles-left': 'chevrons-left',
  'angles-right': 'chevrons-right',
  'circle-xmark': 'circle-x',
  ellipsis: 'ellipsis',
  minus: 'minus',
  plus: 'plus',
  indeterminate: 'minus',
  circle: 'circle',
  star: 'star',
};

/** The drawings that are filled: the interface library's rating draws a full star over an empty one. */
const FILLED = new Set(['star', 'circle']);

async function makeSymbol([name, drawing]) {
  const svg = await readFile(require.resolve(`lucide-static/icons/${drawing}.svg`), 'utf8');
  const inner = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.lastIndexOf('</svg>')).trim();
  const fill = FILLED.has(name) ? 'currentColor' : 'none';
  const stroke = 'stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="${fill}" ${stroke}>${inner.replaceAll(/\s+/g, ' ')}</symbol>`;
}

/** The sprite's text: `icons.svg#album` and so on. The drawings are from lucide (ISC licence). */
export async function makeSprite() {
  const symbols = await Promise.all(Object.entries(ICONS).map(makeSymbol));
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`;
}
