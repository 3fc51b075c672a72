import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CodeAction } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Exam, startExam } from '../../../../support/exam.ts';

/** A refactoring by the beginning of its title, at a cursor or a selection, and what the text becomes; null where it is not offered. */
interface RefactoringCase {
  readonly name: string;
  readonly title: string;
  readonly sql: string;
  readonly becomes: string | null;
}

const cases = JSON.parse(readFileSync('test/slow/server/language/exam/refactorings.json', 'utf8')) as RefactoringCase[];

/** Opens a text with a cursor or a selection, and asks what can be done there. */
async function actionsAt(exam: Exam, sql: string) {
  const place = await exam.place(sql.replace('/*[*/', '').replace('/*]*/', ''));
  const document = TextDocument.create(place.uri, 'sql', 1, place.text);
  const [open, close] = [sql.indexOf('/*[*/'), sql.indexOf('/*]*/')];
  const range =
    open < 0 ? { start: place.position, end: place.position } : { start: document.positionAt(open), end: document.positionAt(close - 5) };
  const actions = await exam.ask<CodeAction[]>('codeAction', place, { range, context: { diagnostics: [], only: ['refactor'] } });
  return { actions, document, place };
}

describe('refactorings', () => {
  it('rewrite what they are offered for', { timeout: 60_000 }, async () => {
    const exam = await startExam();
    const failures: object[] = [];
    for (const { name, title, sql, becomes } of cases) {
      const { actions, document, place } = await actionsAt(exam, sql);
      await exam.close(place);
      const action = actions.find((offered) => offered.title.startsWith(title));
      const given = action ? TextDocument.applyEdits(document, action.edit?.changes?.[document.uri] ?? []) : null;
      if (given !== becomes) failures.push({ name, given, becomes, offered: actions.map((offered) => offered.title) });
    }
    expect(failures).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(40);
  });

  it('are worked out when they are chosen where the editor can wait', async () => {
    const exam = await startExam({ textDocument: { codeAction: { resolveSupport: { properties: ['edit'] } } } });
    const { actions, document, place } = await actionsAt(exam, 'select /*|*/* from staging.imports');
    const action = actions.find(({ title }) => title.startsWith('Expand')) as CodeAction;
    expect(action).toMatchObject({ kind: 'refactor.rewrite' });
    expect(action.edit).toBeUndefined();
    const resolved = await exam.client.connection.sendRequest<CodeAction>('codeAction/resolve', action);
    expect(TextDocument.applyEdits(document, resolved.edit?.changes?.[document.uri] ?? [])).toBe('select id, file from staging.imports');
    const range = { start: place.position, end: place.position };
    const byHand = await exam.ask<CodeAction[]>('codeAction', place, { range, context: { diagnostics: [], triggerKind: 1 } });
    expect(byHand.find(({ title }) => title === action.title)?.edit).toEqual(resolved.edit);
    const stale = exam.client.connection.sendRequest('codeAction/resolve', { ...action, data: { ...action.data, version: 0 } });
    await expect(stale).rejects.toThrow(/changed/);
    expect(
      await exam.ask('codeAction', place, {
        range: { start: place.position, end: place.position },
        context: { diagnostics: [], only: ['quickfix'] },
      }),
    ).toEqual([]);
  });
});
