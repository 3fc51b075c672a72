import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TextEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { tokenize } from '../../../../../engine/sql/lexer.ts';
import { sharedExam } from '../../../../support/exam.ts';

const shared = sharedExam();

/** A text, with a selected range between bracket comments if only that is formatted, and what it becomes. */
interface FormattingCase {
  readonly name: string;
  readonly sql: string;
  readonly becomes: string;
  readonly options?: object;
}

const cases = JSON.parse(readFileSync('test/slow/server/language/exam/formatting.json', 'utf8')) as FormattingCase[];
const SPACES = { tabSize: 2, insertSpaces: true };

describe('formatting', () => {
  it('gives what a person would write, with the same tokens, and leaves it so', async () => {
    const exam = shared();
    const failures: object[] = [];
    for (const { name, sql, becomes, options = SPACES } of cases) {
      const [open, close] = [sql.indexOf('/*[*/'), sql.indexOf('/*]*/')];
      let text = sql.replace('/*[*/', '').replace('/*]*/', '');
      const format = async (asked: string) => {
        const place = await exam.place(asked);
        // Of a notebook, the first cell.
        if (asked === text) text = place.text;
        const document = TextDocument.create(place.uri, 'sql', 1, place.text);
        const range = { start: document.positionAt(open), end: document.positionAt(close - 5) };
        const edits = await (open < 0
          ? exam.ask<TextEdit[]>('formatting', place, { options })
          : exam.ask<TextEdit[]>('rangeFormatting', place, { options, range }));
        await exam.close(place);
        return TextDocument.applyEdits(document, edits);
      };
      const given = await format(text);
      const words = (from: string) => tokenize(from).map(({ start, end }) => from.slice(start, end));
      const again = open < 0 ? await format(given) : given;
      if (given !== becomes || again !== given || words(given).join('\0') !== words(text).join('\0'))
        failures.push({ name, given, becomes, again });
    }
    expect(failures).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(40);
  });

  it('says that a text of a megabyte is too long instead of hanging', async () => {
    const exam = shared();
    const messages: string[] = [];
    exam.client.connection.onNotification('window/showMessage', ({ message }: { message: string }) => void messages.push(message));
    const place = await exam.place(`select ${'a, '.repeat(400_000)}a`);
    expect(await exam.ask('formatting', place, { options: SPACES })).toEqual([]);
    expect(messages).toEqual([expect.stringMatching(/too long/)]);
  });

  it('formats several ranges', async () => {
    const exam = shared();
    const place = await exam.place('select   1;\nselect   2;\nselect   3;');
    const line = (number: number) => ({ start: { line: number, character: 0 }, end: { line: number, character: 11 } });
    const edits = await exam.ask<TextEdit[]>('rangesFormatting', place, { ranges: [line(0), line(2)], options: SPACES });
    const document = TextDocument.create(place.uri, 'sql', 1, place.text);
    expect(TextDocument.applyEdits(document, edits)).toBe('select\n  1;\nselect   2;\nselect\n  3;');
  });

  it('formats the statement that a semicolon ends while it is typed', async () => {
    const exam = shared();
    const place = await exam.place('select   1;/*|*/\nselect   2');
    const edits = await exam.ask<TextEdit[]>('onTypeFormatting', place, { ch: ';', options: SPACES });
    expect(TextDocument.applyEdits(TextDocument.create(place.uri, 'sql', 1, place.text), edits)).toBe('select\n  1;\nselect   2');
    const inString = await exam.place("select   ';/*|*/'");
    expect(await exam.ask('onTypeFormatting', inString, { ch: ';', options: SPACES })).toEqual([]);
  });
});
