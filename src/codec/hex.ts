/** Bytes as hexadecimal digits, as SQLite's `unhex()` reads them. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += (byte < 16 ? '0' : '') + byte.toString(16);
  return text;
}

/** Bytes of hexadecimal digits from an offset on. */
export function fromHex(text: string, offset = 0): Uint8Array {
  const bytes = new Uint8Array((text.length - offset) >> 1);
  for (let index = 0; index < bytes.length; index += 1) {
    const place = offset + 2 * index;
    bytes[index] = (digit(text.charCodeAt(place)) << 4) | digit(text.charCodeAt(place + 1));
  }
  return bytes;
}

function digit(code: number): number {
  // '0' to '9' are 48 to 57, 'a' to 'f' 97 to 102.
  return code < 58 ? code - 48 : (code | 32) - 87;
}
