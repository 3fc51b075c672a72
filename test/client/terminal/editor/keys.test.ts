import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyDecoder, type KeyEvent } from '../../../../client/terminal/editor/keys.ts';

function decode(...chunks: readonly string[]): string[] {
  const decoder = new KeyDecoder();
  return [...chunks.flatMap((chunk) => decoder.feed(chunk)), ...decoder.flush()].map(nameOf);
}

function nameOf(event: KeyEvent): string {
  return event.kind === 'key' ? `<${event.key}>` : event.kind === 'paste' ? `paste:${event.text}` : event.text;
}

describe('keys', () => {
  test.each([
    ['ab', ['ab']],
    ['\r', ['<enter>']],
    ['a\r\nb', ['a', '<enter>', 'b']],
    ['\t\u001b[Z', ['<tab>', '<shift+tab>']],
    ['\u0001\u001f\u0000', ['<ctrl+a>', '<ctrl+_>', '<ctrl+space>']],
    ['\u007f\b', ['<backspace>', '<backspace>']],
    ['\u001b[A\u001bOB\u001b[1;5C\u001b[1;3D', ['<up>', '<down>', '<ctrl+right>', '<alt+left>']],
    ['\u001b[3~\u001b[5~\u001b[H\u001b[4~\u001b[3;5~', ['<delete>', '<pageup>', '<home>', '<end>', '<ctrl+delete>']],
    ['\u001bb\u001b\r\u001b\u007f\u001bé', ['<alt+b>', '<alt+enter>', '<alt+backspace>', '<alt+é>']],
    ['\u001b[13;5u\u001b[27;5;13~\u001b[97;5u', ['<ctrl+enter>', '<ctrl+enter>', '<ctrl+a>']],
    ['\u001b', ['<escape>']],
    ['\u001b\u001b[A', ['<escape>', '<up>']],
    ['\u001b[200~a\r\nb\rc\u001b[31m\u001b[201~d', ['paste:a\nb\nc\u001b[31m', 'd']],
    // Answers of a terminal, and what is no key, are not typed.
    ['\u001b[?62;c\u001b[24;80R\u001b[I\u0085x', ['x']],
  ])('reads %j', (input, events) => expect(decode(input)).toEqual(events));

  test('waits for the rest of a sequence, and takes a lone escape for the key only when nothing follows', () => {
    const decoder = new KeyDecoder();
    expect(decoder.feed('x\u001b').map(nameOf)).toEqual(['x']);
    expect(decoder.waiting).toBe(true);
    expect(decoder.feed('[1;').map(nameOf)).toEqual([]);
    expect(decoder.feed('5D').map(nameOf)).toEqual(['<ctrl+left>']);
    expect(decoder.waiting).toBe(false);
  });

  test('reads the same however the input is cut', () => {
    const piece = fc.constantFrom(
      'a',
      'é',
      '😀',
      '\r',
      '\t',
      '\u0003',
      '\u001b[A',
      '\u001b[1;5C',
      '\u001bb',
      '\u001b[200~x\ry;\u001b[201~',
      '\u001b[13;5u',
    );
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(20)), (pieces, cuts) => {
        const input = pieces.join('');
        const chunks: string[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(input.slice(at, at + cut));
          at += cut;
        }
        chunks.push(input.slice(at));
        // Runs of text may come in other pieces.
        expect(decode(...chunks).join('')).toBe(decode(input).join(''));
      }),
    );
  });

  test('survives anything', () => {
    const low = fc.nat(0x9f).map((code) => String.fromCharCode(code));
    const sequences = fc.constantFrom('\u001b', '\u001b[', ';', '~', '2', '00', '1', 'O', 'u', '\ud83d');
    fc.assert(
      fc.property(
        fc.array(fc.oneof(low, sequences)),
        fc.nat(9),
        (pieces, cut) => void decode(...pieces.slice(0, cut), pieces.slice(cut).join('')),
      ),
    );
  });
});
