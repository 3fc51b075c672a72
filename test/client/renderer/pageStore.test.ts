import { describe, expect, test } from 'vitest';
import { PageStore, pageRowsOf, pagesOf, type RowPage } from '../../../client/renderer/pageStore.ts';

const rows = (from: number, count: number) => Array.from({ length: count }, (_, index) => [from + index]);
const page = (from: number, count: number): RowPage => ({ length: count, row: (index) => rows(from, count)[index] });

test('pages of a range', () => {
  expect(pagesOf(0, 0, 200)).toEqual([]);
  expect(pagesOf(0, 1, 200)).toEqual([0]);
  expect(pagesOf(199, 201, 200)).toEqual([0, 1]);
  expect(pagesOf(400, 600, 200)).toEqual([2]);
});

test('rows of a page, by the number of columns', () => {
  expect([0, 1, 1_000, 2_000, 10_000].map(pageRowsOf)).toEqual([200, 200, 200, 100, 40]);
  const store = new PageStore([], 2, pageRowsOf(10_000));
  expect(store.missing(30, 50)).toEqual([0, 1]);
  store.put(1, page(40, 40), true);
  expect(store.missing(30, 50)).toEqual([0]);
  expect(store.row(41)).toEqual([41]);
});

describe('PageStore', () => {
  test('the preview needs no page', () => {
    const store = new PageStore(rows(0, 200), 2, 200);
    expect(store.missing(0, 200)).toEqual([]);
    expect(store.row(199)).toEqual([199]);
    expect(store.missing(190, 210)).toEqual([1]);
  });

  test('a preview that was cut short', () => {
    const store = new PageStore(rows(0, 3), 2, 200);
    expect(store.missing(0, 3)).toEqual([]);
    expect(store.missing(0, 16)).toEqual([0]);
    store.put(0, page(0, 200), true);
    expect(store.missing(0, 16)).toEqual([]);
    expect(store.row(7)).toEqual([7]);
  });

  test('the page seen longest ago is forgotten', () => {
    const store = new PageStore([], 2, 200);
    store.put(1, page(200, 200), true);
    store.put(2, page(400, 200), true);
    expect(store.missing(200, 210)).toEqual([]);
    store.put(3, page(600, 200), true);
    expect(store.row(200)).toEqual([200]);
    expect(store.row(400)).toBeUndefined();
    expect(store.row(799)).toEqual([799]);
  });

  test('a page of a growing result is asked for again, a final one is not', () => {
    const store = new PageStore([], 4, 200);
    store.put(0, page(0, 50), false);
    expect(store.missing(0, 40)).toEqual([]);
    expect(store.missing(0, 60)).toEqual([0]);
    store.put(0, page(0, 50), true);
    expect(store.missing(0, 60)).toEqual([]);
  });
});
