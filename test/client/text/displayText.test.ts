import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutToWidth, displayWidth, fitToWidth, visible, visibleLines } from '../../../client/text/displayText.ts';

describe('displayText', () => {
  test.each([
    ['', 0],
    ['abc', 3],
    ['日本', 4],
    ['한글', 4],
    ['🐻', 2],
    ['e\u0301', 1],
    ['🇩🇪', 2],
    ['ﾊ', 1],
    ['Ａ', 2],
    ['naïve — ok', 10],
  ])('%j is %d columns wide', (text, width) => expect(displayWidth(text)).toBe(width));

  test('cuts without splitting wide characters or marks from their letters', () => {
    expect(cutToWidth('abcdef', 6)).toBe('abcdef');
    expect(cutToWidth('abcdef', 5)).toBe('abcd…');
    expect(cutToWidth('日本語', 4)).toBe('日…');
    expect(cutToWidth('日本語', 5)).toBe('日本…');
    expect(cutToWidth('abe\u0301f', 3)).toBe('ab…');
    expect(cutToWidth('ae\u0301fg', 3)).toBe('ae\u0301…');
    expect(cutToWidth('abc', 0)).toBe('');
  });

  test('fits any visible text to the exact width', { tags: ['slow'] }, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 30 }), (text, width) => {
        for (const alignment of ['left', 'right', 'center'] as const) {
          expect(displayWidth(fitToWidth(visible(text), width, alignment))).toBe(width);
        }
      }),
    );
  });

  test('makes what could act on a terminal visible', () => {
    expect(visible('a\nb\tc\r\u001b[2J\u0007\u007f\u009b')).toBe('a↵b⇥c␍␛[2J␇␡\\x9b');
    expect(visible('\u202eevil\u200b\ufeff\ud800')).toBe('\\u202eevil\\u200b\\ufeff\\ud800');
    expect(visibleLines('a\r\nb\tc\u001b[31m')).toBe('a\nb\tc␛[31m');
  });

  test('leaves no control character, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e]/u);
      }),
    );
  });
});
