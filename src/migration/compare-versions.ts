const PIECE = /\d+|\D+/g;

/** Orders versions: digits as numbers of any length, everything else by its characters. */
export function compareVersions(a: string, b: string): number {
  const left = a.match(PIECE) ?? [];
  const right = b.match(PIECE) ?? [];
  for (let place = 0; place < Math.min(left.length, right.length); place += 1) {
    const order = comparePieces(left[place] ?? '', right[place] ?? '');
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function comparePieces(a: string, b: string): number {
  const [left, right] = [withoutZeros(a), withoutZeros(b)];
  if (isNumber(a) && isNumber(b) && left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

function isNumber(piece: string): boolean {
  return /^\d/.test(piece);
}

function withoutZeros(piece: string): string {
  return isNumber(piece) ? piece.replace(/^0+(?=\d)/, '') : piece;
}
