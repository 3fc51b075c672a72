import { readFileSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';

/** A cell of a sheet as another program reads it: its type, its look and its value. */
export interface SheetCell {
  readonly type: 'number' | 'text' | 'boolean';
  readonly style: number;
  readonly value: number | string | boolean;
}

/** Files of a ZIP archive by name, found by its directory at the end; throws where a checksum is wrong. */
function unzip(bytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    const [checksum, packed, size] = [bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)];
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = inflateRawSync(bytes.subarray(start, start + packed));
    if (content.length !== size || crc32(content) !== checksum) throw new Error(`${name} is damaged.`);
    files.set(name, content);
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}

/** The rows of the first sheet, without empty cells at their ends. */
export function readExcel(path: string): (SheetCell | undefined)[][] {
  const sheet = unzip(readFileSync(path)).get('xl/worksheets/sheet1.xml')?.toString('utf8') ?? '';
  return [...sheet.matchAll(/<row r="\d+">(.*?)<\/row>/gs)].map(([, row = '']) => {
    const cells: (SheetCell | undefined)[] = [];
    for (const [, letters = '', attributes = '', content = ''] of row.matchAll(/<c r="([A-Z]+)\d+"([^>]*)>(.*?)<\/c>/gs)) {
      const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
      const style = Number(/ s="(\d+)"/.exec(attributes)?.[1] ?? 0);
      const text = /<(?:v|t)[^>]*>(.*?)<\/(?:v|t)>/s.exec(content)?.[1] ?? '';
      if (attributes.includes('t="inlineStr"')) cells[column] = { type: 'text', style, value: decoded(text) };
      else if (attributes.includes('t="b"')) cells[column] = { type: 'boolean', style, value: text === '1' };
      else cells[column] = { type: 'number', style, value: Number(text) };
    }
    return [...cells];
  });
}

function decoded(text: string): string {
  const plain = text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  return plain.replaceAll(/_x([0-9A-F]{4})_/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
