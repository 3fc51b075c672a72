import type { FileHandle } from 'node:fs/promises';
import { crc32, createDeflateRaw, type DeflateRaw } from 'node:zlib';
import { KodiakError } from '../../engine/base/errors.ts';

/** Sizes beyond this need an extension of the format that older programs do not read. */
const MAX_BYTES = 0xffff_ffff;
/** A date that the format can say, and that tells nothing: 1980-01-01. */
const DOS_DATE = 0x21;
const DEFLATED = 8;
/** Names are UTF-8; sizes and checksum stand behind the content. */
const FLAGS = 0x0808;
const VERSION = 20;

interface Entry {
  readonly name: Buffer;
  readonly offset: number;
  readonly checksum: number;
  readonly packed: number;
  readonly size: number;
}

/** Writes a ZIP file piece by piece: only what was not packed yet is in memory. */
export class ZipFile {
  readonly #file: FileHandle;
  readonly #entries: Entry[] = [];
  #offset = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Adds a file whose content `pieces` gives. */
  async add(name: string, pieces: AsyncIterable<string> | Iterable<string>): Promise<void> {
    const offset = this.#offset;
    const nameBytes = Buffer.from(name, 'utf8');
    await this.#write(localHeader(nameBytes));
    const contentAt = this.#offset;
    const deflate = createDeflateRaw({ level: 6 });
    const packing = this.#drain(deflate);
    let [checksum, size] = [0, 0];
    try {
      for await (const piece of pieces) {
        const bytes = Buffer.from(piece, 'utf8');
        checksum = crc32(bytes, checksum);
        size += bytes.length;
        if (size > MAX_BYTES) throw tooLarge();
        if (!deflate.write(bytes)) await Promise.race([new Promise((done) => deflate.once('drain', done)), packing]);
      }
      deflate.end();
      await packing;
    } catch (thrown) {
      deflate.destroy();
      await packing.catch(() => undefined);
      throw thrown;
    }
    const packed = this.#offset - contentAt;
    await this.#write(sizes(checksum, packed, size, 0x0807_4b50));
    this.#entries.push({ name: nameBytes, offset, checksum, packed, size });
  }

  /** Writes the list of what is in the file. */
  async end(): Promise<void> {
    const listAt = this.#offset;
    for (const entry of this.#entries) await this.#write(listed(entry));
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x0605_4b50, 0);
    end.writeUInt16LE(this.#entries.length, 8);
    end.writeUInt16LE(this.#entries.length, 10);
    end.writeUInt32LE(this.#offset - listAt, 12);
    end.writeUInt32LE(listAt, 16);
    await this.#write(end);
  }

  async #drain(deflate: DeflateRaw): Promise<void> {
    for await (const chunk of deflate) await this.#write(chunk as Buffer);
  }

  async #write(bytes: Buffer): Promise<void> {
    await this.#file.writeFile(bytes);
    this.#offset += bytes.length;
    if (this.#offset > MAX_BYTES) throw tooLarge();
  }
}

function localHeader(name: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x0403_4b50, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(FLAGS, 6);
  header.writeUInt16LE(DEFLATED, 8);
  header.writeUInt16LE(DOS_DATE, 12);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function sizes(checksum: number, packed: number, size: number, signature: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(signature, 0);
  bytes.writeUInt32LE(checksum, 4);
  bytes.writeUInt32LE(packed, 8);
  bytes.writeUInt32LE(size, 12);
  return bytes;
}

function listed({ name, offset, checksum, packed, size }: Entry): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x0201_4b50, 0);
  header.writeUInt16LE(VERSION, 4);
  header.writeUInt16LE(VERSION, 6);
  header.writeUInt16LE(FLAGS, 8);
  header.writeUInt16LE(DEFLATED, 10);
  header.writeUInt16LE(DOS_DATE, 14);
  header.writeUInt32LE(checksum, 16);
  header.writeUInt32LE(packed, 20);
  header.writeUInt32LE(size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(offset, 42);
  return Buffer.concat([header, name]);
}

function tooLarge(): KodiakError {
  return new KodiakError('limit', 'The rows are too large for an Excel file (4 GiB): write CSV or Parquet, or fewer columns.');
}
