import { describe, expect, test } from 'vitest';
import type { CompletionAnswer } from '../../../../client/terminal/editor/completionMenu.ts';
import { KeyDecoder } from '../../../../client/terminal/editor/keys.ts';
import { type EditorRead, LineEditor } from '../../../../client/terminal/editor/lineEditor.ts';
import { createPainter } from '../../../../client/terminal/editor/palette.ts';

interface Driven {
  /** Types what a terminal would send. */
  readonly type: (input: string) => void;
  readonly read: (text?: string) => Promise<EditorRead>;
  /** What the editor asked about, each with the way to answer. */
  readonly asked: { readonly text: string; readonly answer: (answer: CompletionAnswer | undefined) => Promise<void> }[];
  readonly written: string[];
  readonly interrupts: string[];
  readonly editor: LineEditor;
}

function drive(history: readonly string[] = []): Driven {
  const written: string[] = [];
  const interrupts: string[] = [];
  const asked: Driven['asked'] = [];
  const keys = new KeyDecoder();
  const editor = new LineEditor({
    write: (text) => written.push(text),
    size: () => ({ columns: 60, rows: 20 }),
    paint: createPainter(true),
    hints: true,
    history: () => history,
    complete: (text) =>
      new Promise((resolve) => {
        const answer = async (given: CompletionAnswer | undefined) => {
          resolve(given);
          await Promise.resolve();
          await Promise.resolve();
        };
        asked.push({ text, answer });
      }),
    interrupt: () => interrupts.push('interrupt'),
    suspend: () => interrupts.push('suspend'),
  });
  const type = (input: string) => editor.feed([...keys.feed(input), ...keys.flush()]);
  return { type, read: (text) => editor.read('kodiak> ', text), asked, written, interrupts, editor };
}

async function typed(input: string, history?: readonly string[]): Promise<EditorRead> {
  const { read, type } = drive(history);
  const reading = read();
  type(input);
  return await reading;
}

const UP = '\u001b[A';
const DOWN = '\u001b[B';

describe('lineEditor', () => {
  test.each([
    ['a statement', 'select 1;\r', 'select 1;'],
    ['a line feed where it is complete', 'select 1;\u001b\r\r', 'select 1;\n'],
    ['what is not complete, by Ctrl+Enter', 'select 1\u001b[13;5u', 'select 1'],
    ['edits in an earlier line', `select 1\r;${UP}\u00052\r`, 'select 12\n;'],
    ['a paste with line feeds, until Enter', '\u001b[200~select 1;\nselect 2;\u001b[201~\r', 'select 1;\nselect 2;'],
    ['lines without brackets around the paste, as they are', 'select (\r  1\r);\r', 'select (\n  1\n);'],
    ['kills and yanks', 'from a;\u0001\u001bd\u0005\u0019;\r', ' a;from;'],
  ])('submits %s', async (_, input, text) => expect(await typed(input)).toEqual({ kind: 'submit', text }));

  test('indents lines that are typed one by one', async () => {
    const { read, type } = drive();
    const reading = read();
    for (const key of 'select (\r1\r);\r') type(key);
    expect(await reading).toEqual({ kind: 'submit', text: 'select (\n  1\n  );' });
  });

  test('leaves with Ctrl+D in an empty text, or Ctrl+C twice', async () => {
    expect(await typed('\u0004')).toEqual({ kind: 'end' });
    expect(await typed('ab\u0003\u0003\u0003')).toEqual({ kind: 'end' });
    expect(await typed('ab\u0001\u0004;\u0003x;\r')).toEqual({ kind: 'submit', text: 'x;' });
  });

  test('goes through the history by whole statements, and by lines while one is edited', async () => {
    const history = ['select 1;', 'from a\nwhere b;', '.tables'];
    expect(await typed(`${UP}${UP}${UP}\r`, history)).toMatchObject({ text: 'select 1;' });
    expect(await typed(`sel${UP}\r`, history)).toMatchObject({ text: 'select 1;' });
    expect(await typed(`${UP}${UP}\u0002${UP}x\r`, history)).toMatchObject({ text: 'from ax\nwhere b;' });
    expect(await typed(`se;${UP}${DOWN}\r`, history)).toMatchObject({ text: 'se;' });
    expect(await typed(`x;${UP}\r`, history)).toMatchObject({ text: 'x;' });
  });

  test('searches the history', async () => {
    const history = ['select 1;', 'select 2;', 'from a;'];
    expect(await typed('x\u0012sel\u0012\r', history)).toMatchObject({ text: 'select 1;' });
    expect(await typed('\u0012sel\t9\r', history)).toMatchObject({ text: '9select 2;' });
    expect(await typed('x;\u0012sel\u0007\r', history)).toMatchObject({ text: 'x;' });
    expect(await typed('x;\u0012nothing\r', history)).toMatchObject({ text: 'x;' });
  });

  test('takes a hint, or a word of it', async () => {
    expect(await typed('sel\u001b[C\r', ['select 1 + 2;'])).toMatchObject({ text: 'select 1 + 2;' });
    expect(await typed('sel\u001bf;\r', ['select 1 + 2;'])).toMatchObject({ text: 'select;' });
    expect(await typed('sel\u0001\u0005;\r', ['select 1 + 2;'])).toMatchObject({ text: 'sel;' });
  });

  test('asks for completion, offers it, and drops what comes late', async () => {
    const { read, type, asked, written } = drive();
    const reading = read();
    const choices = ['orders', 'organs'].map((label) => ({ label, kind: 'table', insert: label }));
    type('from o\t');
    expect(asked[0]?.text).toBe('from o');
    type('r');
    await asked[0]?.answer({ choices, start: 5, end: 6 });
    expect(written.join('')).not.toContain('organs');
    type('\t');
    await asked[1]?.answer({ choices, start: 5, end: 7 });
    expect(written.join('')).toContain('organs');
    type('\t\t;\r');
    expect(await reading).toEqual({ kind: 'submit', text: 'from organs;' });
  });

  test('leaves the menu by Escape as it was, and takes the chosen with Enter', async () => {
    const { read, type, asked } = drive();
    const reading = read();
    const choices = ['aa', 'ab'].map((label) => ({ label, kind: 'table', insert: label }));
    type('from a\t');
    await asked[0]?.answer({ choices, start: 5, end: 6 });
    type('\t');
    type('\u001b');
    type('x\u007f\t');
    await asked[1]?.answer({ choices, start: 5, end: 6 });
    type('\u001b[Z\r;\r');
    expect(await reading).toEqual({ kind: 'submit', text: 'from ab;' });
  });

  test('keeps what is typed ahead, and tells of Ctrl+C', async () => {
    const { read, type, interrupts } = drive();
    const first = read();
    type('select 1;\rselect 2;\r');
    expect(await first).toMatchObject({ text: 'select 1;' });
    type('lost\u0003\u001a3');
    expect(interrupts).toEqual(['interrupt', 'suspend']);
    const second = read();
    type(';\r');
    expect(await second).toMatchObject({ text: '3;' });
  });

  test('wants another editor for .edit, \\e and Ctrl+X Ctrl+E', async () => {
    expect(await typed('select 1\r.edit\r')).toEqual({ kind: 'edit', text: 'select 1' });
    expect(await typed('select 1 \\e\r')).toEqual({ kind: 'edit', text: 'select 1 ' });
    expect(await typed('ab\u0018\u0005')).toEqual({ kind: 'edit', text: 'ab' });
  });

  test('shows control characters and never writes them', async () => {
    const { read, type, written } = drive();
    const reading = read();
    type("\u001b[200~select '\u001b]0;title\u0007\u202e';\u001b[201~\r");
    expect(await reading).toMatchObject({ text: "select '\u001b]0;title\u0007\u202e';" });
    expect(written.join('')).toContain('␛]0;title␇\\u202e');
    expect(written.join('')).not.toContain('\u001b]0');
  });

  test('stays quick in a line of a megabyte', async () => {
    const { read, type } = drive();
    const reading = read();
    type(`\u001b[200~select '${'x'.repeat(1_000_000)}'\u001b[201~`);
    const started = performance.now();
    for (let at = 0; at < 20; at++) type('y\u007f\u001b[D');
    const perKey = (performance.now() - started) / 60;
    type('\u0005;\r');
    expect((await reading).kind).toBe('submit');
    expect(perKey).toBeLessThan(100);
  });

  test('writes a line above what is being edited, and goes on below it with another prompt', async () => {
    const { read, type, written, editor } = drive();
    expect(editor.tell('nobody reads', 'kodiak> ')).toBe(false);
    const reading = read();
    type('select 4');
    written.length = 0;
    expect(editor.tell('DuckDB is open', 'kodiak (VS Code)> ')).toBe(true);
    const shown = written.join('');
    expect(shown.indexOf('DuckDB is open\r\n')).toBeGreaterThan(-1);
    expect(shown.lastIndexOf('kodiak (VS Code)> ')).toBeGreaterThan(shown.indexOf('DuckDB is open'));
    type('2;\r');
    expect(await reading).toEqual({ kind: 'submit', text: 'select 42;' });
  });

  test('leaves what was typed on the screen when it is to read no more', () => {
    const { read, type, written, editor } = drive();
    void read();
    type('select 4');
    written.length = 0;
    editor.abandon();
    expect(written.join('')).toMatch(/kodiak> .*select.*4.*\r\n$/);
    written.length = 0;
    type('2');
    editor.abandon();
    expect(written).toEqual([]);
  });
});
