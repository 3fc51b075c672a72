import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type PeekQueryResult, peekQuery, type RunSqlResult } from '../../../../../server/protocol/requests.ts';
import { startExam } from '../../../../support/exam.ts';

/** What is peeked at a cursor or a selection, and what running that by itself gives; `refusal` is a part of the reason, or null for nothing there. */
interface PeekCase {
  readonly name: string;
  readonly sql: string;
  readonly title?: string;
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly unknown[])[];
  readonly count?: number;
  readonly refusal?: string | null;
  /** How many cells are run before. */
  readonly runs?: number;
}

const cases = JSON.parse(readFileSync('test/slow/server/language/exam/peek.json', 'utf8')) as PeekCase[];

it('makes a query of the part at the cursor that gives its rows', { timeout: 120_000 }, async () => {
  const exam = await startExam();
  const failures: object[] = [];
  const run = (sql: string, uri: string) =>
    exam.client.connection.sendRequest<RunSqlResult>('workspace/executeCommand', { command: 'kodiak.runSql', arguments: [{ sql, uri }] });
  for (const { name, sql, title, columns, rows, count, refusal, runs = 0 } of cases) {
    const place = await exam.place(sql.replace('/*[*/', '').replace('/*]*/', ''));
    const document = TextDocument.create(place.uri, 'sql', 1, place.text);
    const [open, close] = [sql.indexOf('/*[*/'), sql.indexOf('/*]*/')];
    const start = open < 0 ? document.offsetAt(place.position) : open;
    for (const { text, uri } of place.documents.slice(0, runs)) await run(text, uri);
    const found = await exam.client.connection.sendRequest<PeekQueryResult | { refusal: string } | null>(peekQuery.method, {
      uri: place.uri,
      start,
      end: open < 0 ? start : close - 5,
    });
    if (found === null || 'refusal' in found) {
      const isExpected = refusal !== undefined && (found === null ? refusal === null : refusal !== null && found.refusal.includes(refusal));
      if (!isExpected) failures.push({ name, found });
    } else {
      const given = await run(found.sql, place.uri);
      const names = given.columns?.map((column) => column.name);
      const isSame =
        refusal === undefined &&
        found.title === title &&
        (columns === undefined || JSON.stringify(names) === JSON.stringify(columns)) &&
        (rows === undefined || JSON.stringify(given.rows) === JSON.stringify(rows)) &&
        given.rowCount === (count ?? rows?.length);
      const arePieces = found.pieces.every(
        (piece) => found.sql.slice(piece.at, piece.at + piece.length) === place.text.slice(piece.start, piece.start + piece.length),
      );
      if (!isSame || !arePieces || found.pieces.length === 0)
        failures.push({ name, found, names, rows: given.rows?.slice(0, 5), count: given.rowCount, error: given.error?.message, arePieces });
    }
    await exam.close(place);
  }
  expect(failures).toEqual([]);
  expect(cases.length).toBeGreaterThanOrEqual(75);
});
