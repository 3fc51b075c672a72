import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { DocumentHighlight, DocumentSymbol, Location, SymbolInformation } from 'vscode-languageserver/node';
import { type Exam, sharedExam } from '../../../../support/exam.ts';
import { placeMarked, written, writtenLocation } from '../../../../support/examMarks.ts';

const shared = sharedExam();

interface Questions {
  readonly definition: readonly string[];
  readonly nodefinition: readonly string[];
  readonly references: readonly string[];
  readonly highlights: readonly string[];
  readonly documentSymbols: readonly { readonly sql: string; readonly names: readonly string[] }[];
  readonly workspaceSymbols: readonly { readonly query: string; readonly sql?: string; readonly names: readonly string[] }[];
  readonly acrossDocuments: readonly { readonly other: string; readonly sql: string }[];
}

const questions = JSON.parse(readFileSync('test/slow/server/language/exam/navigation.json', 'utf8')) as Questions;

test('names lead to where they are defined', { timeout: 120_000 }, async () => {
  const exam = shared();
  const wrong: unknown[] = [];
  for (const sql of [...questions.definition, ...questions.nodefinition]) {
    const place = await placeMarked(exam, sql);
    const found = locations(await exam.ask<Location | Location[] | null>('definition', place));
    const at = found.map((location) => writtenLocation(place, location));
    if (JSON.stringify(at) !== JSON.stringify(place.marks)) wrong.push([sql, place.marks, at]);
    await exam.close(place);
  }
  for (const { other, sql } of questions.acrossDocuments) {
    const there = await placeMarked(exam, other);
    const place = await exam.place(sql);
    const found = locations(await exam.ask<Location | Location[] | null>('definition', place));
    const at = found.map((location) => writtenLocation(there, location));
    if (JSON.stringify(at) !== JSON.stringify(there.marks)) wrong.push([sql, there.marks, at]);
    await exam.close(place);
    await exam.close(there);
  }
  expect(wrong).toEqual([]);
});

test('references and highlights are all places of a name', { timeout: 120_000 }, async () => {
  const exam = shared();
  const wrong: unknown[] = [];
  for (const sql of questions.references) {
    const place = await placeMarked(exam, sql);
    const found = await exam.ask<Location[] | null>('references', place, { context: { includeDeclaration: true } });
    const at = (found ?? []).map((location) => writtenLocation(place, location)).sort();
    if (JSON.stringify(at) !== JSON.stringify([...place.marks].sort())) wrong.push([sql, place.marks, at]);
    await exam.close(place);
  }
  for (const sql of questions.highlights) {
    const place = await placeMarked(exam, sql);
    const found = (await exam.ask<DocumentHighlight[] | null>('documentHighlight', place)) ?? [];
    const at = found.map(({ range }) => written(0, range)).sort();
    if (JSON.stringify(at) !== JSON.stringify([...place.marks].sort())) wrong.push([sql, place.marks, at]);
    await exam.close(place);
  }
  expect(wrong).toEqual([]);
});

test('symbols are what a document, the open documents and the database have', { timeout: 120_000 }, async () => {
  const exam = shared();
  const wrong: unknown[] = [];
  for (const { sql, names } of questions.documentSymbols) {
    const place = await exam.place(sql);
    const found = ((await exam.ask<DocumentSymbol[] | null>('documentSymbol', place)) ?? []).flatMap((symbol) => [
      symbol.name,
      ...(symbol.children ?? []).map(({ name }) => name),
    ]);
    if (!names.every((name) => found.includes(name))) wrong.push([sql, names, found]);
    await exam.close(place);
  }
  for (const { query, sql, names } of questions.workspaceSymbols) {
    const place = await exam.place(sql ?? 'SELECT 1');
    const found = await symbols(exam, query);
    if (!names.every((name) => found.includes(name))) wrong.push([query, names, found]);
    await exam.close(place);
  }
  expect(wrong).toEqual([]);
});

async function symbols(exam: Exam, query: string): Promise<string[]> {
  const found = await exam.client.connection.sendRequest<SymbolInformation[] | null>('workspace/symbol', { query });
  return (found ?? []).map(({ name }) => name);
}

function locations(answer: Location | Location[] | null): Location[] {
  if (answer === null) return [];
  return Array.isArray(answer) ? answer : [answer];
}
