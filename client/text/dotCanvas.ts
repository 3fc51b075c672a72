const BRAILLE = 0x2800;
/** The bit of each of the eight dots of a character, by row and column. */
const BITS = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** A surface of dots, two across and four down in each character. What is outside is not drawn. */
export class DotCanvas {
  /** Dots across. */
  readonly columns: number;
  /** Dots down. */
  readonly rows: number;
  readonly #width: number;
  readonly #cells: Uint8Array;

  constructor(width: number, height: number) {
    this.#width = width;
    this.columns = width * 2;
    this.rows = height * 4;
    this.#cells = new Uint8Array(width * height);
  }

  dot(column: number, row: number): void {
    if (column < 0 || row < 0 || column >= this.columns || row >= this.rows) return;
    const cell = (row >> 2) * this.#width + (column >> 1);
    this.#cells[cell] = (this.#cells[cell] ?? 0) | (BITS[row & 3]?.[column & 1] ?? 0);
  }

  line(fromColumn: number, fromRow: number, toColumn: number, toRow: number): void {
    const steps = Math.max(Math.abs(toColumn - fromColumn), Math.abs(toRow - fromRow), 1);
    for (let step = 0; step <= steps; step++) {
      const part = step / steps;
      this.dot(Math.round(fromColumn + (toColumn - fromColumn) * part), Math.round(fromRow + (toRow - fromRow) * part));
    }
  }

  /** Every dot throws a shadow to the bottom. */
  fillDown(): void {
    for (let column = 0; column < this.columns; column++) {
      let isFilled = false;
      for (let row = 0; row < this.rows; row++) {
        isFilled ||= this.#isSet(column, row);
        if (isFilled) this.dot(column, row);
      }
    }
  }

  /** From the top; a character without dots is a space. */
  lines(): string[] {
    const height = this.rows / 4;
    return Array.from({ length: height }, (_, line) => {
      const cells = this.#cells.subarray(line * this.#width, (line + 1) * this.#width);
      return [...cells]
        .map((bits) => (bits === 0 ? ' ' : String.fromCharCode(BRAILLE + bits)))
        .join('')
        .trimEnd();
    });
  }

  #isSet(column: number, row: number): boolean {
    const bits = this.#cells[(row >> 2) * this.#width + (column >> 1)] ?? 0;
    return (bits & (BITS[row & 3]?.[column & 1] ?? 0)) !== 0;
  }
}
