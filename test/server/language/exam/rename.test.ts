import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { WorkspaceEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { sharedExam } from '../../../support/exam.ts';
import { placeMarked, written } from '../../../support/examMarks.ts';

const shared = sharedExam();

interface Question {
  readonly sql: string;
  readonly to: string;
}

const questions = JSON.parse(readFileSync('test/server/language/exam/rename.json', 'utf8')) as {
  /** `«»` is around every place that is to be rewritten. */
  readonly rename: readonly Question[];
  readonly refuse: readonly Question[];
};

test('a rename rewrites every place of a name and nothing else', { timeout: 120_000 }, async () => {
  const exam = shared();
  const wrong: unknown[] = [];
  const judge = async ({ sql, to }: Question) => {
    const place = await placeMarked(exam, sql);
    const answer = await exam.ask<WorkspaceEdit | null>('rename', place, { newName: to }).catch((thrown: unknown) => String(thrown));
    const changes = typeof answer === 'string' ? {} : (answer?.changes ?? {});
    const replaced = place.documents.flatMap(({ uri }, index) =>
      (changes[uri] ?? [])
        .filter(({ range }) => written(0, range).split('-')[1] !== written(0, range).slice(2).split('-')[0])
        .map(({ range }) => written(index, range)),
    );
    const after = place.documents.map(({ uri, text }) =>
      TextDocument.applyEdits(TextDocument.create(uri, 'sql', 1, text), changes[uri] ?? []),
    );
    if (JSON.stringify([...replaced].sort()) !== JSON.stringify([...place.marks].sort())) wrong.push([sql, place.marks, after, answer]);
    await exam.close(place);
    if (typeof answer === 'string') return;
    const again = await exam.place(after.join('%%'));
    const errors = (await exam.diagnostics(again)).flat();
    if (errors.length > 0) wrong.push([after, errors]);
    await exam.close(again);
  };
  // What a rename leaves is checked only when its document has rested for a moment: all wait together.
  await Promise.all(questions.rename.map(judge));
  expect(wrong).toEqual([]);
});

test('a rename that would change what a name stands for is refused with the reason', { timeout: 120_000 }, async () => {
  const exam = shared();
  const wrong: unknown[] = [];
  for (const { sql, to } of questions.refuse) {
    const place = await exam.place(sql);
    const answer = await exam.ask<WorkspaceEdit | null>('rename', place, { newName: to }).catch((thrown: unknown) => String(thrown));
    if (typeof answer !== 'string' || answer.length < 20) wrong.push([sql, to, answer]);
    await exam.close(place);
  }
  expect(wrong).toEqual([]);
});
