import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CodeAction } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { startExam } from '../../../support/exam.ts';

interface Question {
  readonly sql: string;
  /** The text that one of the quick fixes at the cursor leaves. */
  readonly after: string;
}

const { actions } = JSON.parse(readFileSync('test/server/language/exam/codeActions.json', 'utf8')) as {
  readonly actions: readonly Question[];
};

test('quick fixes put right what is reported', { timeout: 120_000 }, async () => {
  const exam = await startExam();
  const wrong: unknown[] = [];
  // All documents are open at the same time: each is checked only when its typing has rested for a moment.
  const judge = async ({ sql, after }: Question) => {
    const place = await exam.place(sql);
    const [diagnostics = []] = await exam.diagnostics(place);
    const range = { start: place.position, end: place.position };
    const found = (await exam.ask<CodeAction[] | null>('codeAction', place, { range, context: { diagnostics } })) ?? [];
    const texts = found.map(({ edit }) =>
      TextDocument.applyEdits(TextDocument.create(place.uri, 'sql', 1, place.text), edit?.changes?.[place.uri] ?? []),
    );
    if (!texts.includes(after)) wrong.push([sql, after, texts, diagnostics.map(({ message }) => message)]);
    await exam.close(place);
  };
  await Promise.all(actions.map(judge));
  expect(wrong).toEqual([]);
});
