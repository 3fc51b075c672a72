import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Exam, startExam } from '../../../../support/exam.ts';

interface Question {
  readonly sql: string;
  /** The text that one of the quick fixes at the cursor leaves. */
  readonly after: string;
  /** True when that is the one that was obviously meant. */
  readonly preferred?: boolean;
}

const { actions } = JSON.parse(readFileSync('test/slow/server/language/exam/codeActions.json', 'utf8')) as {
  readonly actions: readonly Question[];
};

test('quick fixes put right what is reported', { timeout: 120_000 }, async () => {
  const exam = await startExam();
  const wrong = (await Promise.all(actions.map((question) => judge(exam, question)))).filter((fault) => fault !== undefined);
  expect(wrong).toEqual([]);
});

async function judge(exam: Exam, { sql, after, preferred }: Question) {
  const place = await exam.place(sql);
  const [diagnostics = []] = await exam.diagnostics(place);
  const range = { start: place.position, end: place.position };
  const ask = async (only?: readonly string[]) =>
    (await exam.ask<CodeAction[] | null>('codeAction', place, { range, context: { diagnostics, ...(only && { only }) } })) ?? [];
  const found = (await ask()).filter(({ kind }) => kind === 'quickfix');
  const others = await ask(['refactor', 'source']);
  await exam.close(place);
  const texts = found.map(({ edit }) =>
    TextDocument.applyEdits(TextDocument.create(place.uri, 'sql', 1, place.text), edit?.changes?.[place.uri] ?? []),
  );
  const right = found[texts.indexOf(after)];
  const isRight = preferred ? right?.isPreferred === true : right !== undefined;
  const isLinked = found.every((action) =>
    action.diagnostics?.every((linked) => diagnostics.some((one) => one.message === linked.message)),
  );
  const isOne = diagnostics.every(
    (one) => found.filter((action) => action.isPreferred && action.diagnostics?.[0]?.message === one.message).length <= 1,
  );
  const isFiltered = others.every(({ kind }) => kind !== 'quickfix');
  if (isRight && isLinked && isOne && isFiltered) return undefined;
  return [sql, after, texts, found.map(({ isPreferred }) => isPreferred === true), diagnostics.map(({ message }) => message)];
}
