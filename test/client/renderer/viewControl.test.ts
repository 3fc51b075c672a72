import { describe, expect, it } from 'vitest';
import { PageClient } from '../../../client/renderer/pageClient.ts';
import { PagedRows } from '../../../client/renderer/pagedRows.ts';
import { ViewControl } from '../../../client/renderer/viewControl.ts';
import { ALL_ROWS } from '../../../client/renderer/viewSpec.ts';
import type { ChartRequest, GridRequest, ShownView } from '../../../server/protocol/notebookOutput.ts';

const UP = { ...ALL_ROWS, sort: [{ column: 0 }] };
const DOWN = { ...ALL_ROWS, sort: [{ column: 0, descending: true }] };

/** A page whose extension answers when told to. */
function openPage() {
  const asked: (ChartRequest | GridRequest)[] = [];
  const pages = new PageClient((message) => asked.push(message));
  const shown: (ShownView | undefined)[] = [];
  const gone: string[] = [];
  const control = new ViewControl('result', pages, {
    shown: (view) => shown.push(view),
    changed: () => undefined,
    gone: (message) => gone.push(message),
  });
  const idOf = (index: number) => {
    const request = asked[index];
    if (request === undefined || !('requestId' in request)) throw new Error(`Nothing was asked at ${index}.`);
    return request.requestId;
  };
  const view = (resultId: string): ShownView => ({ resultId, rowCount: 1, rows: [[1]] });
  return {
    asked,
    pages,
    control,
    shown,
    gone,
    show: (index: number, resultId: string) => pages.receive({ type: 'shown', requestId: idOf(index), view: view(resultId) }),
    fail: (index: number, message: string, isGone = false) =>
      pages.receive({ type: 'failed', requestId: idOf(index), message, gone: isGone }),
    idOf,
  };
}

describe('what a grid wants to show', () => {
  it('is the newest wish, in whatever order answers come', async () => {
    const page = openPage();
    const [first, second] = [page.control.show(UP), page.control.show(DOWN)];
    expect(page.control.wanted).toBe(DOWN);
    page.show(1, 'down');
    page.show(0, 'up');
    expect(await Promise.all([first, second])).toEqual([undefined, undefined]);
    expect(page.shown.map((view) => view?.resultId)).toEqual(['down']);
    expect(page.control.shown).toBe(DOWN);
    expect(page.control.began).toBeUndefined();
    expect(await page.control.show({ ...DOWN })).toBeUndefined();
    expect(page.asked).toHaveLength(2);
  });

  it('is given up by a cancel, and by going back to what is shown', async () => {
    const page = openPage();
    const sorting = page.control.show(UP);
    expect(page.control.began).toBeGreaterThan(0);
    page.control.cancel();
    expect(page.asked.at(-1)).toEqual({ type: 'cancel', requestId: page.idOf(0) });
    expect(page.control.wanted).toBe(ALL_ROWS);
    page.fail(0, 'cancelled');
    expect(await sorting).toBeUndefined();
    void page.control.show(DOWN);
    await page.control.show(ALL_ROWS);
    expect(page.asked.slice(2)).toMatchObject([{ type: 'show', spec: DOWN }, { type: 'cancel' }]);
    expect(page.shown).toEqual([]);
  });

  it('stays what it was after a failure', async () => {
    const page = openPage();
    const failing = page.control.show(UP);
    page.fail(0, 'Cannot compare');
    expect(await failing).toBe('Cannot compare');
    expect([page.control.wanted, page.control.shown]).toEqual([ALL_ROWS, ALL_ROWS]);
    expect(page.gone).toEqual([]);
  });

  it('is told when the result is gone', async () => {
    const page = openPage();
    const failing = page.control.show(UP);
    page.fail(0, 'no longer kept', true);
    await failing;
    expect(page.gone).toEqual(['no longer kept']);
  });

  it('is opened again when it was dropped, and given back at the end', async () => {
    const page = openPage();
    const showing = page.control.show(UP);
    page.show(0, 'up');
    await showing;
    const again = page.control.reopen();
    page.show(1, 'up again');
    await again;
    expect(page.shown.map((view) => view?.resultId)).toEqual(['up', 'up again']);
    page.control.dispose();
    expect(page.asked.at(-1)).toMatchObject({ type: 'show', spec: ALL_ROWS });
    page.control.dispose();
    expect(page.asked).toHaveLength(3);
  });
});

describe('the rows behind a handle', () => {
  function openRows() {
    const asked: (ChartRequest | GridRequest)[] = [];
    const pages = new PageClient((message) => asked.push(message));
    const told: unknown[] = [];
    const rows = new PagedRows('view', 1, [['first']], pages, {
      arrived: (rowCount, complete) => told.push([rowCount, complete]),
      failed: (message, gone) => told.push([message, gone]),
    });
    const idOf = (index: number) => (asked[index] as { requestId: string }).requestId;
    return { asked, pages, told, rows, idOf };
  }

  it('are asked for in pages, those that follow each other at once, as they come into view', async () => {
    const { asked, pages, told, rows, idOf } = openRows();
    rows.look(0, 1);
    expect(asked).toEqual([]);
    rows.look(150, 650);
    expect(asked).toMatchObject([
      { offset: 0, limit: 400 },
      { offset: 400, limit: 400 },
    ]);
    const page = { offset: 400, rows: Array.from({ length: 250 }, (_, index) => [400 + index]), rowCount: 650, complete: true };
    pages.receive({ type: 'page', requestId: idOf(1), ...page });
    await expect.poll(() => told).toEqual([[650, true]]);
    expect([rows.row(649), rows.row(0), rows.row(650), rows.row(399)]).toEqual([[649], ['first'], undefined, undefined]);
    expect(asked).toHaveLength(2);
  });

  it('that are gone are not asked for again, and a stopped grid hears nothing', async () => {
    const { asked, pages, told, rows, idOf } = openRows();
    rows.look(0, 20);
    pages.receive({ type: 'failed', requestId: idOf(0), message: 'dropped', gone: true });
    await expect.poll(() => told).toEqual([['dropped', true]]);
    rows.look(400, 420);
    expect(asked).toHaveLength(1);
    const other = openRows();
    other.rows.look(0, 20);
    other.rows.stop();
    other.pages.receive({ type: 'page', requestId: other.idOf(0), offset: 0, rows: [], rowCount: 0, complete: true });
    await Promise.resolve();
    expect(other.told).toEqual([]);
  });
});
