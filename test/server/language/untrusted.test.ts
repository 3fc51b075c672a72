import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { startExam } from '../../support/exam.ts';

const texts = [
  "SELECT name, nope FROM 'pipe.csv' t WHERE t.x",
  "SELECT * FROM read_csv('pipe.csv', header = true) r JOIN 'pipe.csv' ON r.",
  "COPY customers FROM 'pipe.csv'; FROM read_text(['pipe.csv']); FROM sniff_csv('pipe.csv')",
  "CREATE VIEW v AS FROM 'pipe.csv'; SELECT a FROM v; SUMMARIZE 'pipe.csv'; DESCRIBE 'pipe.csv'",
  "CREATE MACRO f(x) AS TABLE SELECT * FROM read_csv(x); FROM f('pipe.csv'); FROM query_table('pipe.csv')",
  'PIVOT \'pipe.csv\' ON a USING sum(b); FROM "pipe.csv"',
];
const METHODS = ['completion', 'hover', 'signatureHelp', 'definition', 'references', 'documentHighlight'];

test('in an untrusted workspace no help with SQL opens a file', { tags: ['slow'], timeout: 60_000 }, async () => {
  const exam = await startExam({}, { trusted: false });
  const pipe = join(exam.folder, 'pipe.csv');
  execFileSync('mkfifo', [pipe]);
  const places = await Promise.all(texts.map((text) => exam.place(text)));
  await Promise.all(places.map((place) => exam.diagnostics(place)));
  for (const place of places) {
    for (let character = 0; character <= place.text.length; character += 4) {
      const at = { ...place, position: { line: 0, character } };
      const range = { start: at.position, end: at.position };
      const asked = METHODS.map((method) => exam.ask(method, at, { context: { includeDeclaration: true } }));
      await Promise.all([...asked, exam.ask('codeAction', at, { range, context: { diagnostics: [], triggerKind: 1 } })]);
    }
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: place.text.length } };
    await exam.ask('inlayHint', place, { range });
  }
  expect(isBeingRead(pipe)).toBe(false);
  // The check itself: DuckDB waits for the pipe once something reads it.
  const sql = "SELECT * FROM read_text('pipe.csv')";
  const uri = pathToFileURL(join(exam.folder, 'x.sql')).href;
  const run = exam.client.connection.sendRequest('workspace/executeCommand', { command: 'kodiak.runSql', arguments: [{ sql, uri }] });
  await expect.poll(() => isBeingRead(pipe), { timeout: 10_000 }).toBe(true);
  await run;
});

/** A pipe can be opened for writing without waiting only while something reads it. */
function isBeingRead(pipe: string): boolean {
  try {
    closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}
