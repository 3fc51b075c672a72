/** A header longer than this is none. */
const MAX_HEADER_BYTES = 4_096;
const HEADER_END = Buffer.from('\r\n\r\n');

/**
 * Watches the frames of JSON-RPC messages go by (`Content-Length: 12`, an empty line, 12 bytes), so that no sender can have a server
 * gather more than `maxBytes` of one message in its memory.
 */
export class MessageFrames {
  maxBytes: number;
  #header = Buffer.alloc(0);
  #bodyLeft = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** Takes the next bytes. Says what is wrong with them, if anything is. */
  feed(bytes: Buffer): string | undefined {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#bodyLeft > 0) {
        const taken = Math.min(this.#bodyLeft, rest.length);
        this.#bodyLeft -= taken;
        rest = rest.subarray(taken);
        continue;
      }
      const before = this.#header.length;
      this.#header = Buffer.concat([this.#header, rest.subarray(0, MAX_HEADER_BYTES)]);
      const end = this.#header.indexOf(HEADER_END);
      if (end < 0) return this.#header.length >= MAX_HEADER_BYTES ? 'what it sends are no messages' : undefined;
      const length = Number(/^content-length: *(\d{1,15}) *$/im.exec(this.#header.toString('latin1', 0, end))?.[1]);
      if (Number.isNaN(length)) return 'what it sends are no messages';
      if (length > this.maxBytes) return `a message of ${length} bytes is larger than ${this.maxBytes} allowed`;
      rest = rest.subarray(end + HEADER_END.length - before);
      this.#header = Buffer.alloc(0);
      this.#bodyLeft = length;
    }
    return undefined;
  }
}
