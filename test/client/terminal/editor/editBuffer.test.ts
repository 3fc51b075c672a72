import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EditBuffer } from '../../../../client/terminal/editor/editBuffer.ts';
import { TEXT_ACTIONS, type TextAction } from '../../../../client/terminal/editor/textActions.ts';
import { nextPlace, previousPlace } from '../../../../client/terminal/editor/textMoves.ts';

const TEXTS = fc.string({
  unit: fc.constantFrom('a', 'B', '_', ' ', '\n', '\t', ';', '(', 'é', 'e\u0301', '日', '😀', '👩‍👩‍👧', '\u0000'),
});
const ACTIONS = Object.keys(TEXT_ACTIONS) as TextAction[];

/** The text with `|` where the cursor is. */
function marked({ text, cursor }: EditBuffer): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

function bufferOf(text: string): EditBuffer {
  const buffer = new EditBuffer();
  const at = text.indexOf('|');
  buffer.reset(text.replace('|', ''));
  buffer.moveTo(at);
  return buffer;
}

describe('editBuffer', () => {
  test.each<[TextAction, string, string]>([
    ['left', 'ae\u0301|b', 'a|e\u0301b'],
    ['right', '|😀b', '😀|b'],
    ['wordLeft', 'select foo_1|', 'select |foo_1'],
    ['wordRight', 'a|  (foo)', 'a  (foo|)'],
    ['lineStart', 'a\nbc|d', 'a\n|bcd'],
    ['lineEnd', 'a|b\nc', 'ab|\nc'],
    ['eraseBackward', 'a👩‍👩‍👧|', 'a|'],
    ['killLineEnd', 'a|bc\nd', 'a|\nd'],
    ['killLineEnd', 'a|\nd', 'a|d'],
    ['killLineStart', 'x\nab|c', 'x\n|c'],
    ['killLineStart', 'x\n|c', 'x|c'],
    ['killBlankLeft', 'from a.b |', 'from |'],
    ['killWordLeft', 'from a.b|', 'from a.|'],
    ['killWordRight', 'x| from a', 'x| a'],
    ['transpose', 'abc|', 'acb|'],
    ['transpose', 'a|bc', 'ba|c'],
    ['transposeWords', 'one two|', 'two one|'],
    ['upperCase', '|select x', 'SELECT| x'],
    ['capitalize', '|select x', 'Select| x'],
  ])('%s in %j', (action, before, after) => {
    const buffer = bufferOf(before);
    expect(TEXT_ACTIONS[action](buffer)).toBe(true);
    expect(marked(buffer)).toBe(after);
  });

  test('keeps the column over shorter lines', () => {
    const buffer = bufferOf('日本語x|\na\nabcdefgh');
    expect([buffer.moveLine(1), marked(buffer)]).toEqual([true, '日本語x\na|\nabcdefgh']);
    expect([buffer.moveLine(1), marked(buffer)]).toEqual([true, '日本語x\na\nabcdefg|h']);
    expect(buffer.moveLine(1)).toBe(false);
    buffer.moveLine(-1);
    expect([buffer.moveLine(-1), marked(buffer)]).toEqual([true, '日本語x|\na\nabcdefgh']);
    expect(buffer.moveLine(-1)).toBe(false);
  });

  test('joins kills in a row, and yanks them or older ones', () => {
    const buffer = bufferOf('one two three|');
    buffer.killTo(8);
    buffer.killTo(4);
    buffer.moveTo(0);
    buffer.killTo(4);
    buffer.yank();
    expect(marked(buffer)).toBe('one |');
    buffer.yankOlder();
    expect(marked(buffer)).toBe('two three|');
    buffer.moveTo(0);
    expect(buffer.yankOlder()).toBe(false);
  });

  test('undoes typing as a whole, and does it again', () => {
    const buffer = bufferOf('|');
    for (const letter of 'abc d') buffer.insert(letter);
    expect([buffer.undo(), buffer.text]).toEqual([true, 'abc ']);
    expect([buffer.undo(), buffer.text]).toEqual([true, 'abc']);
    expect([buffer.undo(), buffer.text]).toEqual([true, '']);
    expect(buffer.undo()).toBe(false);
    expect([buffer.redo(), buffer.text]).toEqual([true, 'abc']);
    buffer.insert('x');
    expect(buffer.redo()).toBe(false);
  });

  test('steps back to where it stepped from', () => {
    fc.assert(
      fc.property(TEXTS, (text) => {
        const places = [0];
        while ((places.at(-1) as number) < text.length) places.push(nextPlace(text, places.at(-1) as number));
        const back = [text.length];
        while ((back.at(-1) as number) > 0) back.push(previousPlace(text, back.at(-1) as number));
        expect(back.reverse()).toEqual(places);
      }),
    );
  });

  test('never leaves the text or a letter, and undoes everything', () => {
    const step = fc.oneof(
      fc.constantFrom(...ACTIONS),
      TEXTS.map((insert) => ({ insert })),
      fc.constantFrom(1 as const, -1 as const),
    );
    fc.assert(
      fc.property(TEXTS, fc.array(step, { maxLength: 40 }), (text, steps) => {
        const buffer = bufferOf(`|${text}`);
        for (const step of steps) {
          if (typeof step === 'object') buffer.insert(step.insert);
          else if (typeof step === 'number') buffer.moveLine(step);
          else TEXT_ACTIONS[step](buffer);
          expect(buffer.cursor).toBeGreaterThanOrEqual(0);
          expect(buffer.cursor).toBeLessThanOrEqual(buffer.text.length);
          expect(marked(buffer)).not.toMatch(/[\ud800-\udbff]\|[\udc00-\udfff]/);
        }
        const last = buffer.text;
        let undone = 0;
        while (buffer.undo()) undone++;
        expect(buffer.text).toBe(text);
        for (; undone > 0; undone--) buffer.redo();
        expect(buffer.text).toBe(last);
      }),
    );
  });
});
