const BYTES_PER_LINE = 16;

/** Bytes, given as hexadecimal digits, as lines of place, digits and characters. `first` is the place of the first byte. */
export function hexLines(digits: string, first: number): string {
  const lines: string[] = [];
  for (let at = 0; at < digits.length; at += 2 * BYTES_PER_LINE) {
    const bytes = digits.slice(at, at + 2 * BYTES_PER_LINE).match(/../g) ?? [];
    const characters = bytes.map((byte) => {
      const code = Number.parseInt(byte, 16);
      return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '.';
    });
    const place = (first + at / 2).toString(16).padStart(8, '0');
    lines.push(
      `${place}  ${bytes
        .join(' ')
        .toLowerCase()
        .padEnd(3 * BYTES_PER_LINE - 1)}  ${characters.join('')}`,
    );
  }
  return lines.join('\n');
}
