import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { CellOutcome, CellState } from '../../../../client/terminal/headless/cellOutcome.ts';
import { JunitReport } from '../../../../client/terminal/headless/junitReport.ts';
import { notebookCells } from '../../../../client/terminal/headless/notebookCells.ts';
import { Output } from '../../../../client/terminal/output.ts';
import { junitSchema } from '../../../support/junitSchema.ts';

const HOSTILE = 'a <b> & "c" \'d\' ]]> <!-- --> \u0000\u0007\u001b[31m\u202e\ud800 \ufffe \r\n\t ü 🐻';

async function reported(outcomes: readonly CellOutcome[], file = 'n.kodiak.sql'): Promise<string> {
  let text = '';
  const stream = new Writable({
    write: (part, _encoding, done) => {
      text += String(part);
      done();
    },
  });
  const report = new JunitReport(file, new Output(stream, {}));
  for (const outcome of outcomes) await report.cell(outcome.cell, outcome);
  await report.end({ outcomes, elapsedMs: 1234.5, startedAt: new Date(0) });
  return text;
}

function outcome(title: string, state: CellState, message: string, isTest = true): CellOutcome {
  const [first] = notebookCells(`-- %% ${isTest ? 'assert ' : ''}x\nselect 1;`);
  if (!first) throw new Error('There is no cell.');
  const cell = { ...first, marker: { ...first.marker, title } };
  if (state === 'skipped') return { cell, state, reason: message };
  const failure = state === 'ok' ? {} : { failure: { code: 'sql' as const, message } };
  return { cell, state, run: { statements: [], elapsedMs: 3, ...failure } };
}

async function problems(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml, schema: junitSchema() });
  return errors.map(({ message }) => message);
}

describe('the JUnit report', () => {
  test('has a testcase for each assertion and each failure', async () => {
    const xml = await reported([
      outcome('Holds', 'ok', ''),
      outcome('Fails', 'assertionFailed', 'Expected no rows, got 3 rows.'),
      outcome('Fails', 'skipped', 'cell 2 failed'),
      outcome('Broken', 'failed', 'Parser Error', false),
      outcome('Fine', 'ok', '', false),
      outcome('Left out', 'skipped', '', false),
    ]);
    expect(await problems(xml)).toEqual([]);
    expect(xml).toContain('tests="4" failures="1" errors="2" time="1.234" timestamp="1970-01-01T00:00:00"');
    expect([...xml.matchAll(/<testcase name="([^"]*)"/g)].map(([, name]) => name)).toEqual(['Holds', 'Fails', 'Fails (2)', 'Broken']);
    expect(xml).toContain('<failure message="Expected no rows, got 3 rows." type="assertion">n.kodiak.sql:2: Expected');
    expect(xml).toContain('<error message="cell 2 failed" type="notRun"/>');
    expect(xml).toContain('<error message="Parser Error" type="sql">n.kodiak.sql:2: error: Parser Error</error>');
  });

  test('is valid without any test, and with whatever names and messages there are', async () => {
    expect(await problems(await reported([]))).toEqual([]);
    const hostile = [
      outcome(HOSTILE, 'assertionFailed', HOSTILE),
      outcome(HOSTILE, 'failed', HOSTILE, false),
      outcome(HOSTILE, 'skipped', HOSTILE),
    ];
    const xml = await reported(hostile, HOSTILE);
    expect(await problems(xml)).toEqual([]);
    expect(xml).toContain('a &lt;b&gt; &amp; &quot;c&quot;');
    expect(xml).toContain('␛[31m');
  });

  test('is valid for any text', { tags: ['slow'] }, async () => {
    // Each check starts a worker: many texts go into one.
    const texts = fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { numRuns: 300, seed: 7 });
    const all = texts.flatMap((text) => [outcome(text, 'assertionFailed', text), outcome(text, 'failed', text)]);
    expect(await problems(await reported(all))).toEqual([]);
  });

  test('would be told if it were wrong', async () => {
    const xml = await reported([outcome('Holds', 'ok', '')]);
    expect(await problems(xml.replace(/ hostname="[^"]*"/, ''))).toHaveLength(1);
    expect(await problems(xml.replace('</testsuite>', ''))).not.toEqual([]);
  });
});
