import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { givesRows } from '../../../client/notebook/resultOutput.ts';
import { notebookCells } from '../../../client/terminal/headless/notebookCells.ts';
import type { SavedRun } from '../../../client/terminal/headless/savedRun.ts';
import type { StatementOutcome } from '../../../server/protocol/requests.ts';
import { withEngine } from '../../support/engines.ts';
import { isProgramBuilt, KodiakProgram } from '../../support/kodiakProgram.ts';

const EXAMPLES = 'examples';
/** Its quantiles and counts are estimates of DuckDB's, which differ from run to run. */
const SUMMARIZE = 5;
const isExact = ({ cell }: { readonly cell: number }) => cell !== SUMMARIZE;

/** What the engine answers to the cells of the tour, run one after the other in a session of the notebook's folder. */
async function engineAnswers(folder: string, text: string): Promise<{ readonly cell: number; readonly digests: readonly string[] }[]> {
  return await withEngine({}, async (engine) => {
    const session = await engine.openSession({ cwd: folder });
    const answers = [];
    for (const { number, kind, text: sql } of notebookCells(text)) {
      if (kind !== 'code') continue;
      const digests = [];
      for (const result of await session.runAll(sql)) {
        if (givesRows({ kind: result.kind, result: { columns: result.columns } } as unknown as StatementOutcome))
          digests.push(await result.digest());
        result.release();
      }
      answers.push({ cell: number, digests });
    }
    await session.close();
    return answers;
  });
}

describe.runIf(isProgramBuilt)('kodiak run of the tour', () => {
  test('gives the answers of the notebook, by its graph and from top to bottom, and the same again', async () => {
    const cleaning: (() => void)[] = [];
    onTestFinished(() => {
      for (const clean of cleaning) clean();
    });
    const kodiak = new KodiakProgram((clean) => cleaning.unshift(clean));
    cpSync(EXAMPLES, join(kodiak.folder, 'tour'), { recursive: true });
    const notebook = 'tour/tour.kodiak.sql';
    // Ten million rows take a while to be summed up three times.
    const text = readFileSync(join(kodiak.folder, notebook), 'utf8').replace('range(10_000_000)', 'range(500_000)');
    writeFileSync(join(kodiak.folder, notebook), text);
    const byGraph = await kodiak.run(['run', notebook, '--save', 'saved.json', '--output', 'jsonl', '--rows', '3']);
    expect(byGraph.errors).toMatch(/^14 cells: 14 ok · /);
    expect(byGraph.code).toBe(0);
    const saved = JSON.parse(readFileSync(join(kodiak.folder, 'saved.json'), 'utf8')) as SavedRun;
    const expected = await engineAnswers(join(kodiak.folder, 'tour'), text);
    const answers = saved.cells.map(({ cell, results }) => ({ cell, digests: results.map(({ digest }) => digest) }));
    expect(answers.filter(isExact)).toEqual(expected.filter(isExact));
    expect(answers).toHaveLength(expected.length);
    expect(saved.cells.find(({ cell }) => cell === SUMMARIZE)?.results).toMatchObject([{ rowCount: 8 }]);
    expect(saved.cells[0]?.sources).toEqual([
      { file: 'data/orders.parquet', bytes: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    const fromTop = await kodiak.run(['run', notebook, '--order', 'top', '--fail-on-stale', 'saved.json', '-o', 'junit']);
    const lines = fromTop.errors.trimEnd().split('\n');
    expect(lines.filter((line) => !line.startsWith(`stale: cell ${SUMMARIZE}: its answer has other values`))).toEqual([
      expect.stringMatching(/^14 cells: 14 ok · /),
    ]);
    expect(fromTop.code).toBe(lines.length - 1);
  });
});
