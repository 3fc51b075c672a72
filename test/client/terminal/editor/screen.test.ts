import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finalText, layoutFrame, type View } from '../../../../client/terminal/editor/frame.ts';
import { createPainter } from '../../../../client/terminal/editor/palette.ts';
import { EditorScreen } from '../../../../client/terminal/editor/screen.ts';
import { layoutText, placeOf } from '../../../../client/terminal/editor/textLayout.ts';
import { shown, shownWidth } from '../../../../client/terminal/editor/textMoves.ts';
import { displayWidth } from '../../../../client/text/displayText.ts';

const TEXTS = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '\t', '日', '😀', 'e\u0301', '\u001b', '\u202e'), maxLength: 60 });
const PLAIN = createPainter(false);

/** As much of a terminal as the editor needs. */
class TinyTerminal {
  readonly columns: number;
  readonly height: number;
  lines: string[][] = [[]];
  row = 0;
  column = 0;

  constructor(columns: number, height: number) {
    this.columns = columns;
    this.height = height;
  }

  write(text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what it plays.
    for (const [piece, parameter = '', final] of text.matchAll(/\u001b\[([?0-9;]*)([A-Za-z])|[\s\S]/gu)) {
      if (final !== undefined) this.#move(Number(parameter) || 1, final);
      else if (piece === '\r') this.column = 0;
      else if (piece === '\n') this.#feed();
      else this.#put(piece);
    }
  }

  #put(char: string): void {
    const width = displayWidth(char);
    if (this.column + width > this.columns) {
      this.column = 0;
      this.#feed();
    }
    const line = this.#line();
    if (width === 0) {
      const before = Math.max(0, this.column - 1);
      line[line[before] === '' ? before - 1 : before] += char;
      return;
    }
    while (line.length < this.column) line.push(' ');
    line[this.column] = char;
    if (width === 2) line[this.column + 1] = '';
    this.column += width;
  }

  #feed(): void {
    this.row++;
    if (this.row === this.lines.length) this.lines.push([]);
  }

  #line(): string[] {
    return this.lines[this.row] as string[];
  }

  #move(count: number, final: string): void {
    switch (final) {
      case 'A': {
        const top = Math.max(0, this.lines.length - this.height);
        expect(this.row - count).toBeGreaterThanOrEqual(top);
        this.row -= count;
        break;
      }
      case 'B':
        expect(this.row + count).toBeLessThan(this.lines.length);
        this.row += count;
        break;
      case 'C':
        this.column = Math.min(this.columns - 1, this.column + count);
        break;
      case 'K':
        this.#line().length = Math.min(this.#line().length, this.column);
        break;
      case 'J':
        this.#line().length = Math.min(this.#line().length, this.column);
        for (const line of this.lines.slice(this.row + 1)) line.length = 0;
        break;
      case 'h':
      case 'l':
        break;
      default:
        throw new Error(`This terminal knows no CSI ${final}.`);
    }
  }
}

function viewOf(text: string, cursor: number, below: readonly string[] = []): View {
  return { text, cursor, spans: [], prompt: 'k> ', hint: '', below };
}

describe('screen', () => {
  test('cuts a text into rows that fit, and loses nothing', () => {
    fc.assert(
      fc.property(TEXTS, fc.integer({ min: 4, max: 20 }), (text, width) => {
        const rows = layoutText(text, 3, width);
        expect(rows.map(({ start, end, first }, index) => (first && index > 0 ? '\n' : '') + text.slice(start, end)).join('')).toBe(text);
        for (const { start, end, first } of rows) {
          const room = width - (first ? 3 : 0);
          // A single picture may be wider than a narrow row.
          if ([...text.slice(start, end)].length > 1) expect(shownWidth(text.slice(start, end))).toBeLessThanOrEqual(room);
        }
        for (let offset = 0; offset <= text.length; offset++) {
          const { row } = placeOf(text, rows, offset, 3);
          expect(rows[row]?.start).toBeLessThanOrEqual(offset);
        }
      }),
    );
  });

  test('shows what the last view is, whatever was shown before', () => {
    const views = fc.array(fc.tuple(TEXTS, fc.nat(), fc.array(fc.constantFrom('menu', 'list'), { maxLength: 3 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(views, fc.integer({ min: 12, max: 24 }), fc.integer({ min: 2, max: 8 }), (steps, columns, height) => {
        const terminal = new TinyTerminal(columns, height);
        terminal.write('before\r\n');
        const screen = new EditorScreen((text) => terminal.write(text));
        let top = 0;
        for (const [text, cursor, below] of steps) {
          const laid = layoutFrame(viewOf(text, cursor % (text.length + 1), below), { columns, rows: height }, top, PLAIN);
          top = laid.top;
          screen.draw(laid.frame);
          const { frame } = laid;
          expect(frame.rows.length).toBeLessThanOrEqual(height);
          const first = terminal.row - frame.cursor.row;
          expect(first).toBeGreaterThanOrEqual(Math.max(0, terminal.lines.length - height));
          const lines = terminal.lines.slice(first).map((line) => line.join('').trimEnd());
          expect(lines.slice(0, frame.rows.length)).toEqual(frame.rows.map((row) => row.trimEnd()));
          expect(lines.slice(frame.rows.length).join('')).toBe('');
          expect(terminal.column).toBe(Math.min(columns - 1, frame.cursor.column));
        }
        const [text] = steps.at(-1) as (typeof steps)[number];
        screen.finish(finalText(viewOf(text, 0), columns, PLAIN));
        // Everything that was above is still there, and the text once.
        expect(terminal.lines[0]?.join('')).toBe('before');
        const lines = text.split('\n').map((line, index) => `${index === 0 ? 'k> ' : '>  '}${shown(line)}`.slice(3));
        expect(
          terminal.lines
            .slice(1)
            .map((line) => line.join(''))
            .join('')
            .replaceAll(/k> |> /g, '')
            .replaceAll(' ', ''),
        ).toBe(lines.join('').replaceAll(' ', ''));
      }),
    );
  });

  test('shows the part around the cursor of a text that is taller than the screen, and says so', () => {
    const text = Array.from({ length: 20 }, (_, line) => `line ${line}`).join('\n');
    const view = { ...viewOf(text, text.length), prompt: 'kodiak> ' };
    const { frame, top } = layoutFrame(view, { columns: 40, rows: 5 }, 0, PLAIN);
    expect(frame.rows.map((row) => row.trim())).toEqual(['↕ > line 15', '...> line 16', '...> line 17', '...> line 18', '...> line 19']);
    const up = layoutFrame({ ...view, cursor: text.indexOf('line 16') }, { columns: 40, rows: 5 }, top, PLAIN);
    expect([up.top, up.frame.cursor.row]).toEqual([15, 1]);
    expect(layoutFrame({ ...view, cursor: 0 }, { columns: 40, rows: 5 }, top, PLAIN).frame.rows.at(-1)).toMatch(/↕ {2}> line 4|↕ > line 4/);
  });

  test('goes up as many rows as the terminal has made of them when it became narrower', () => {
    const written: string[] = [];
    const screen = new EditorScreen((text) => written.push(text));
    const view = viewOf(`${'x'.repeat(30)}\nyy`, 33);
    screen.draw(layoutFrame(view, { columns: 40, rows: 10 }, 0, PLAIN).frame);
    screen.resized({ columns: 10, rows: 10 });
    expect(written.at(-1)).toBe('\r\u001b[4A\r\u001b[J');
  });
});
