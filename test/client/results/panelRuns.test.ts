import { describe, expect, it, onTestFinished } from 'vitest';
import type { HeldDecision, RunGuard } from '../../../client/plan/heldRun.ts';
import { PanelRuns, type RunRequest, type Values } from '../../../client/results/panelRuns.ts';
import { rangeTarget } from '../../../client/results/runTarget.ts';
import { closeSession, fetchPage, pinResult, readStats, releaseResult, runQuery } from '../../../server/protocol/requests.ts';
import type { PanelMessage } from '../../../server/protocol/resultsPanel.ts';
import { type EditorSide, startEditor } from '../../support/languageClient.ts';

const URI = 'file:///work/orders.sql';

function request(text: string, uri = URI): RunRequest {
  const target = rangeTarget(text, 0, text.length);
  if (target === undefined) throw new Error(`No SQL: ${text}`);
  return { uri, text, target, title: text, name: 'orders.sql', cwd: undefined };
}

interface Panel {
  readonly runs: PanelRuns;
  readonly told: PanelMessage[];
  /** Methods of the requests that the panel made, with what they are about. */
  readonly asked: (readonly [method: string, params: unknown])[];
  readonly editor: EditorSide;
  /** Resolves with the next message that matches. */
  next(matches: (message: PanelMessage) => boolean): Promise<PanelMessage>;
}

/** The panel on a real server, with all documents open. */
async function openPanel(isOpen = true, { values, guard }: { readonly values?: Values; readonly guard?: RunGuard } = {}): Promise<Panel> {
  const editor = await startEditor();
  const told: PanelMessage[] = [];
  const asked: (readonly [string, unknown])[] = [];
  const waiting = new Set<(message: PanelMessage) => void>();
  const runs = new PanelRuns(
    {
      request: (descriptor, params) => {
        asked.push([descriptor.method, params]);
        return editor.client.request(descriptor, params);
      },
      onNotification: (descriptor, handler) => editor.client.connection.onNotification(descriptor.method, handler),
    },
    (message) => {
      told.push(message);
      for (const wait of waiting) wait(message);
    },
    () => isOpen,
    async (missing) => {
      asked.push(['values', missing]);
      return values;
    },
    guard,
  );
  onTestFinished(() => runs.dispose());
  const next = (matches: (message: PanelMessage) => boolean) =>
    new Promise<PanelMessage>((resolve) => {
      const wait = (message: PanelMessage) => {
        if (!matches(message)) return;
        waiting.delete(wait);
        resolve(message);
      };
      waiting.add(wait);
    });
  return { runs, told, asked, editor, next };
}

function resultIds(panel: Panel): string[] {
  return panel.told.flatMap((message) =>
    message.type === 'run' ? message.run.outputs.flatMap(({ result }) => result?.resultId ?? []) : [],
  );
}

describe('a run', () => {
  it('shows its rows, which stay in the server until it is closed', async () => {
    const panel = await openPanel();
    const shown = await panel.runs.run(request('select range as i from range(1000)'));
    expect(shown).toMatchObject({ state: 'done', place: 'orders.sql:1', selected: 0 });
    expect(shown.outputs).toMatchObject([{ title: 'SELECT', result: { rowCount: 1000, complete: true } }]);
    const resultId = shown.outputs[0]?.result?.resultId ?? '';
    expect((await panel.editor.client.request(fetchPage, { resultId, offset: 999, limit: 1 })).rows).toEqual([[999]]);
    panel.runs.close(shown.runId);
    expect(panel.told.at(-1)).toEqual({ type: 'runClosed', runId: shown.runId });
    expect(await panel.editor.client.failure(fetchPage, { resultId, offset: 0, limit: 1 })).toMatchObject({ code: 'unavailable' });
  });

  it('asks for the values that it misses, and fails without them', async () => {
    const panel = await openPanel(true, { values: { since: { type: 'DATE', text: '2024-01-31' } } });
    const shown = await panel.runs.run(request('select 1; select $since::date as day'));
    expect(shown).toMatchObject({ state: 'done', outputs: [{}, { result: { preview: [['2024-01-31']] } }] });
    expect(panel.asked).toContainEqual(['values', [{ name: 'since', type: 'DATE' }]]);
    const without = await openPanel();
    expect(await without.runs.run(request('select $since'))).toMatchObject({
      state: 'failed',
      failure: { text: expect.stringContaining('No value for $since') },
    });
  });

  it('again takes the place of the first, whose rows are given back', async () => {
    const panel = await openPanel();
    const first = await panel.runs.run(request('select 1 as a'));
    const again = await panel.runs.run(request('select 1 as a'));
    expect(again.runId).toBe(first.runId);
    const [before, after] = [first, again].map(({ outputs }) => outputs[0]?.result?.resultId);
    expect(before).not.toBe(after);
    expect(panel.asked).toContainEqual([releaseResult.method, { resultId: before }]);
    expect(panel.asked).not.toContainEqual([releaseResult.method, { resultId: after }]);
    const states = panel.told.flatMap((message) => (message.type === 'run' ? [message.run.outputs.length] : []));
    expect(states.slice(2)).not.toContain(0);
  });

  it('is in the session of its document', async () => {
    const panel = await openPanel();
    await panel.runs.run(request('create temp table t as select 42 as a'));
    expect((await panel.runs.run(request('from t'))).outputs[0]?.result?.preview).toEqual([[42]]);
    expect(await panel.runs.run(request('from t', 'file:///work/other.sql'))).toMatchObject({ state: 'failed' });
  });

  it('of several statements stops at the first that fails, with its place in the document', async () => {
    const panel = await openPanel();
    const text = 'create temp table t as select 1 as a;\nfrom t;\nselect b\n  from t;\nselect 3;';
    const shown = await panel.runs.run(request(text));
    expect(shown).toMatchObject({ state: 'failed', failure: { place: 'orders.sql:3:8', text: expect.stringContaining('3 | select b') } });
    expect(shown.outputs.map(({ title }) => title)).toEqual(['SELECT', 'Changes']);
    expect(shown.selected).toBe(0);
    expect(panel.runs.target(shown.runId, 'error')?.offset).toBe(text.indexOf('b\n'));
    expect(panel.runs.target(shown.runId, 'statement')?.offset).toBe(0);
  });

  it('that failed without a position points to the statement', async () => {
    const panel = await openPanel();
    const shown = await panel.runs.run(request("select 1;\n\nselect error('no');"));
    expect(shown.failure?.place).toBe('orders.sql:3:1');
  });

  it('is not started twice, and is cancelled', async () => {
    const panel = await openPanel();
    const long = request('select count(*) from range(100000000000)');
    const first = panel.runs.run(long);
    const second = panel.runs.run(long);
    await panel.next(({ type }) => type === 'runProgress');
    const runId = panel.runs.active?.runId ?? '';
    panel.runs.cancel(runId);
    expect(await first).toMatchObject({ state: 'cancelled', outputs: [] });
    expect(await second).toBe(await first);
    expect(panel.asked.filter(([method]) => method === runQuery.method)).toHaveLength(1);
  });

  it('that is closed ends, and is not heard of again', async () => {
    const panel = await openPanel();
    const run = panel.runs.run(request('select count(*) from range(100000000000)'));
    await panel.next(({ type }) => type === 'runProgress');
    panel.runs.close(panel.runs.active?.runId ?? '');
    const messages = panel.told.length;
    await run;
    expect(panel.told).toHaveLength(messages);
    expect((await panel.editor.client.request(readStats, null)).parallel.running).toBe(0);
    expect(panel.runs.active).toBeUndefined();
  });

  it('tells how far it is', async () => {
    const panel = await openPanel();
    const run = panel.runs.run(request('select 1; select count(*) from range(100000000000)'));
    const progress = await panel.next(({ type }) => type === 'runProgress');
    expect(progress).toMatchObject({ text: expect.stringMatching(/^statement 2 of 2/) });
    panel.runs.cancel(panel.runs.active?.runId ?? '');
    expect((await run).state).toBe('cancelled');
  });
});

describe('the history', () => {
  it('holds eight runs; the one used least recently goes, and its rows with it', async () => {
    const panel = await openPanel();
    const ids: string[] = [];
    for (let index = 0; index < 8; index++) ids.push((await panel.runs.run(request(`select ${index} as a`))).runId);
    panel.runs.select(ids[0] ?? '', 0);
    await panel.runs.run(request('select 8 as a'));
    const closed = panel.told.flatMap((message) => (message.type === 'runClosed' ? message.runId : []));
    expect(closed).toEqual([ids[1]]);
    panel.told.length = 0;
    panel.runs.tellAll();
    const shown = panel.told.flatMap((message) => (message.type === 'run' ? message.run.title : []));
    expect(shown).toEqual([0, 2, 3, 4, 5, 6, 7, 8].map((index) => `select ${index} as a`));
    expect(panel.told.at(-1)).toEqual({ type: 'runActive', runId: panel.runs.active?.runId });
  });

  it('gives back all that it ever held when it is cleared, and sessions that nobody else closes', async () => {
    const panel = await openPanel(false);
    await panel.runs.run(request('select 1 as a; select 2 as b; create table t as select 3 as c; explain select 4'));
    await panel.runs.run(request('select 5 as e'));
    panel.runs.closeAll();
    const released = new Set(
      panel.asked.flatMap(([method, params]) => (method === releaseResult.method ? (params as { resultId: string }).resultId : [])),
    );
    for (const resultId of resultIds(panel)) expect(released).toContain(resultId);
    expect(panel.asked.at(-1)).toEqual([closeSession.method, { sessionId: URI }]);
    expect(panel.runs.active).toBeUndefined();
  });

  it('shows plans: of a statement, with a place of its own, and of an EXPLAIN among others', async () => {
    const panel = await openPanel();
    const select = request('select count(*) from range(7)');
    const ran = await panel.runs.run(select);
    const profiled = await panel.runs.run({ ...select, target: { ...select.target, plan: 'profile' } });
    expect(profiled.runId).not.toBe(ran.runId);
    expect(profiled).toMatchObject({ state: 'done', outputs: [{ title: 'Plan', plan: { plan: { analyzed: true } } }] });
    const typed = await panel.runs.run(request('explain from range(7); select 1'));
    expect(typed.outputs).toMatchObject([{ title: 'EXPLAIN', plan: { plan: { analyzed: false } } }, { title: 'SELECT' }]);
    const wrong = request('\n\nselect missing');
    const failed = await panel.runs.run({ ...wrong, target: { sql: 'select missing', offset: 2, plan: 'explain' } });
    expect(failed).toMatchObject({ state: 'failed', failure: { place: 'orders.sql:3:8' } });
    const endless = request('select count(*) from range(100000000) a, range(100000000) b');
    const running = panel.runs.run({ ...endless, target: { ...endless.target, plan: 'profile' } });
    panel.runs.cancel(panel.runs.active?.runId ?? '');
    expect((await running).state).toBe('cancelled');
  });

  it('asks about statements that may produce very many rows, and shows their plan instead', async () => {
    const asked: string[] = [];
    let decision: HeldDecision = 'run';
    const guard: RunGuard = {
      warnAboveRows: () => 1000,
      decide: async ({ rows, start, end }, sql) => {
        asked.push(`${rows}: ${sql.slice(start, end)}`);
        return decision;
      },
    };
    const panel = await openPanel(true, { guard });
    const script = request('select 1 as a; select count(*) from range(100) a, range(200) b');
    expect(await panel.runs.run(script)).toMatchObject({ state: 'done', outputs: [{}, { result: { preview: [[20_000]] } }] });
    expect(asked).toEqual(['20000: select count(*) from range(100) a, range(200) b']);
    decision = 'cancel';
    const other = request('select max(a.range) from range(100) a, range(300) b');
    expect(await panel.runs.run(other)).toMatchObject({ state: 'cancelled', failure: { text: 'The statement was not run.' } });
    decision = 'plan';
    const planned = panel.next(
      (message) => message.type === 'run' && message.run.state === 'done' && message.run.title.startsWith('EXPLAIN'),
    );
    expect((await panel.runs.run(other)).state).toBe('cancelled');
    expect(await planned).toMatchObject({ run: { outputs: [{ plan: { plan: { analyzed: false } } }] } });
  });

  it('keeps only the last 50 results of a run, and says so', async () => {
    const panel = await openPanel();
    const shown = await panel.runs.run(request(Array.from({ length: 60 }, (_, index) => `select ${index} as a;`).join('\n')));
    expect(shown.outputs).toHaveLength(50);
    expect(shown.outputs.at(-1)?.result?.preview).toEqual([[59]]);
    expect(shown.notice).toBe('The last 50 of 60 results are here.');
    expect(panel.asked.filter(([method]) => method === releaseResult.method)).toHaveLength(10);
  });

  it('pins what is looked at, and nothing while it is hidden', async () => {
    const panel = await openPanel();
    panel.runs.setVisible(true);
    const first = await panel.runs.run(request('select 1 as a'));
    const second = await panel.runs.run(request('select 2 as a'));
    const pins = () => panel.asked.flatMap(([method, params]) => (method === pinResult.method ? [params] : []));
    const [a, b] = [first, second].map(({ outputs }) => outputs[0]?.result?.resultId);
    expect(pins()).toEqual([{ resultId: a, pinned: false }]);
    panel.runs.setVisible(false);
    panel.runs.setVisible(true);
    panel.runs.select(first.runId, 0);
    expect(pins().slice(1)).toEqual([
      { resultId: b, pinned: false },
      { resultId: b, pinned: true },
      { resultId: b, pinned: false },
      { resultId: a, pinned: true },
    ]);
  });

  it('says that rows are gone with their server, until they are there again', async () => {
    const panel = await openPanel();
    const shown = await panel.runs.run(request('select 1 as a'));
    await panel.runs.run(request('create table u as select 1 as a'));
    panel.runs.serverEnded('gone');
    const noticed = panel.told.flatMap((message) => (message.type === 'run' && message.run.notice === 'gone' ? message.run.title : []));
    expect(noticed).toEqual(['select 1 as a']);
    await panel.runs.rerunResult(shown.outputs[0]?.result?.resultId ?? '');
    expect(panel.runs.active).toMatchObject({ runId: shown.runId, state: 'done' });
    expect(panel.runs.active).not.toHaveProperty('notice');
  });
});
