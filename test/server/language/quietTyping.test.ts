import { expect, test } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Exam, startExam } from '../../support/exam.ts';

/** What is shown after typing pauses, and what is shown later when nothing more is typed. */
type Shown = readonly [soon: readonly string[], late: readonly string[]];

/** Text with the cursor `|`, what is typed there, and the names in the messages. */
const typed: readonly (readonly [string, string, Shown])[] = [
  ['|', 'select * from customers where ', [[], ['end of input']]],
  ['select | from customers', 'nme', [[], ['nme']]],
  ['select * from |', 'custo', [[], ['custo']]],
  ['select c| from customers c', '.', [[], ['syntax error']]],
  ['select count| from customers', '(', [[], ['syntax error']]],
  ['select 1;\n|\nselect name from customers;', 'select * from orde', [[], ['syntax error']]],
  ['select nope from orders;\n|', 'select * from customers where em', [['nope'], ['nope', 'em']]],
  ['select nope, | from orders where nope2 = 1', 'count(', [['nope', 'nope2'], ['syntax error']]],
  ['select 1;\nselect | from customers;\nselect nope from orders', '(', [['nope'], ['syntax error', 'nope']]],
  ['|', 'selec a, b from customers where x', [['selec'], ['selec']]],
  ['select name| from customers', ', ', [[], []]],
];

test('what is being typed is not reported yet, what is wrong elsewhere stays', { tags: ['slow'], timeout: 60_000 }, async () => {
  const exam = await startExam();
  const wrong = await Promise.all(typed.map(([text, keys, shown]) => judge(exam, text, keys, shown)));
  expect(wrong.filter((fault) => fault !== undefined)).toEqual([]);
});

async function judge({ client, place, diagnostics }: Exam, marked: string, keys: string, [soon, late]: Shown) {
  const opened = await place(marked.replace('|', ''));
  await diagnostics(opened);
  let offset = marked.indexOf('|');
  let text = opened.text;
  for (const [index, key] of [...keys].entries()) {
    const at = TextDocument.create(opened.uri, 'sql', index, text).positionAt(offset);
    await client.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: opened.uri, version: index + 2 },
      contentChanges: [{ range: { start: at, end: at }, text: key }],
    });
    text = text.slice(0, offset) + key + text.slice(offset);
    offset += key.length;
  }
  const first = (await diagnostics(opened)).flat();
  const isMore = soon.join() !== late.join();
  const second = isMore ? (await diagnostics(opened)).flat() : first;
  const right = says(first, soon) && says(second, late);
  return right ? undefined : [marked, keys, first.map(({ message }) => message), second.map(({ message }) => message)];
}

function says(found: readonly Diagnostic[], parts: readonly string[]): boolean {
  return found.length === parts.length && parts.every((part) => found.some(({ message }) => String(message).includes(part)));
}
