import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { WorkspaceEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Exam, type Place, sharedExam } from '../../../../support/exam.ts';
import { placeMarked, written } from '../../../../support/examMarks.ts';

const shared = sharedExam();

interface Question {
  readonly sql: string;
  readonly to: string;
}

const questions = JSON.parse(readFileSync('test/slow/server/language/exam/rename.json', 'utf8')) as {
  /** `«»` is around every place that is to be rewritten. */
  readonly rename: readonly Question[];
  /** The whole text afterwards. */
  readonly becomes: readonly (Question & { readonly becomes: string })[];
  /** `says` is a pattern of the reason. */
  readonly refuse: readonly (Question & { readonly says?: string })[];
};

/** Documents that are open at the same time while their diagnostics are waited for. */
const AT_ONCE = 25;

test('a rename rewrites every place of a name and nothing else', { timeout: 240_000 }, async () => {
  const exam = shared();
  const wrong: unknown[] = [];
  const renamed: { readonly before: string; readonly after: string }[] = [];
  for (const { sql, to } of questions.rename) {
    const place = await placeMarked(exam, sql);
    const answer = await rename(exam, place, to);
    const changes = typeof answer === 'string' ? {} : (answer?.changes ?? {});
    const replaced = place.documents.flatMap(({ uri }, index) =>
      (changes[uri] ?? [])
        .filter(({ range }) => written(0, range).split('-')[1] !== written(0, range).slice(2).split('-')[0])
        .map(({ range }) => written(index, range)),
    );
    const after = edited(place, answer);
    if (JSON.stringify([...replaced].sort()) !== JSON.stringify([...place.marks].sort())) wrong.push([sql, place.marks, after, answer]);
    else renamed.push({ before: place.documents.map(({ text }) => text).join('%%'), after });
    await exam.close(place);
  }
  for (const { sql, to, becomes } of questions.becomes) {
    const place = await exam.place(sql);
    const answer = await rename(exam, place, to);
    const after = edited(place, answer);
    if (after !== becomes) wrong.push([sql, after, answer]);
    else renamed.push({ before: place.documents.map(({ text }) => text).join('%%'), after });
    await exam.close(place);
  }
  for (let at = 0; at < renamed.length; at += AT_ONCE) {
    const group = renamed.slice(at, at + AT_ONCE);
    const before = await countErrors(
      exam,
      group.map((one) => one.before),
    );
    const after = await countErrors(
      exam,
      group.map((one) => one.after),
    );
    for (const [index, one] of group.entries()) if ((after[index] ?? 0) > (before[index] ?? 0)) wrong.push(one);
  }
  expect(wrong).toEqual([]);
});

test('a rename that would change what a name stands for is refused with the reason', { timeout: 120_000 }, async () => {
  const exam = shared();
  const wrong: unknown[] = [];
  for (const { sql, to, says = '' } of questions.refuse) {
    const place = await exam.place(sql);
    const answer = await rename(exam, place, to);
    if (typeof answer !== 'string' || answer.length < 20 || !new RegExp(says, 'i').test(answer)) wrong.push([sql, to, answer]);
    await exam.close(place);
  }
  expect(wrong).toEqual([]);
});

function rename(exam: Exam, place: Place, newName: string): Promise<WorkspaceEdit | string | null> {
  return exam.ask<WorkspaceEdit | null>('rename', place, { newName }).catch((thrown: unknown) => String(thrown));
}

/** The texts of a place with edits, parted as in the question. */
function edited({ documents }: Place, answer: WorkspaceEdit | string | null): string {
  const changes = typeof answer === 'string' ? {} : (answer?.changes ?? {});
  return documents.map(({ uri, text }) => TextDocument.applyEdits(TextDocument.create(uri, 'sql', 1, text), changes[uri] ?? [])).join('%%');
}

/** How many diagnostics each text has. */
async function countErrors(exam: Exam, texts: readonly string[]): Promise<number[]> {
  const places: Place[] = [];
  for (const text of texts) places.push(await exam.place(text));
  const counts = await Promise.all(places.map(async (place) => (await exam.diagnostics(place)).flat().length));
  for (const place of places) await exam.close(place);
  return counts;
}
