import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { SemanticTokens } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { SEMANTIC_TOKENS_LEGEND } from '../../../../../server/language/semanticTokens.ts';
import { startExam } from '../../../../support/exam.ts';

/** Tokens with their types, each as often as it must be there; `.declaration` may be left out. */
const questions = JSON.parse(readFileSync('test/slow/server/language/exam/semanticTokens.json', 'utf8')) as readonly {
  readonly sql: string;
  readonly tokens: readonly string[];
}[];

test('names have the colours of what they are', { timeout: 60_000 }, async () => {
  const exam = await startExam();
  const wrong: unknown[] = [];
  for (const { sql, tokens } of questions) {
    const place = await exam.place(sql);
    const found = read(await exam.ask<SemanticTokens>('semanticTokens/full', place), place.text);
    const left = [...found];
    const isMissing = tokens.some((token) => {
      const at = left.findIndex((other) => other === token || other === `${token}.declaration`);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
    if (isMissing) wrong.push([sql, tokens, found]);
    await exam.close(place);
  }
  expect(wrong).toEqual([]);
});

function read({ data }: SemanticTokens, text: string): string[] {
  const document = TextDocument.create('file:///x.sql', 'sql', 1, text);
  const found: string[] = [];
  let line = 0;
  let character = 0;
  for (let at = 0; at < data.length; at += 5) {
    const [lines = 0, characters = 0, length = 0, type = 0, modifiers = 0] = data.slice(at, at + 5);
    line += lines;
    character = lines > 0 ? characters : character + characters;
    const written = document.getText({ start: { line, character }, end: { line, character: character + length } });
    found.push(`${written}:${SEMANTIC_TOKENS_LEGEND.tokenTypes[type]}${modifiers > 0 ? '.declaration' : ''}`);
  }
  return found;
}
