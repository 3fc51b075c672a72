import { describe, expect, test } from 'vitest';
import { PAGE_ROWS, PageStore, pagesOf, type RowPage } from '../../../client/renderer/pageStore.ts';

const rows = (from: number, count: number) => Array.from({ length: count }, (_, index) => [from + index]);
const page = (from: number, count: number): RowPage => ({ length: count, row: (index) => rows(from, count)[index] });

test('pages of a range', () => {
  expect(pagesOf(0, 0)).toEqual([]);
  expect(pagesOf(0, 1)).toEqual([0]);
  expect(pagesOf(199, 201)).toEqual([0, 1]);
  expect(pagesOf(400, 600)).toEqual([2]);
});

describe('PageStore', () => {
  test('the preview needs no page', () => {
    const store = new PageStore(rows(0, 200), 2);
    expect(store.missing(0, 200)).toEqual([]);
    expect(store.row(199)).toEqual([199]);
    expect(store.missing(190, 210)).toEqual([1]);
  });

  test('a preview that was cut short', () => {
    const store = new PageStore(rows(0, 3), 2);
    expect(store.missing(0, 3)).toEqual([]);
    expect(store.missing(0, 16)).toEqual([0]);
    store.put(0, page(0, 200), true);
    expect(store.missing(0, 16)).toEqual([]);
    expect(store.row(7)).toEqual([7]);
  });

  test('the page seen longest ago is forgotten', () => {
    const store = new PageStore([], 2);
    store.put(1, page(200, PAGE_ROWS), true);
    store.put(2, page(400, PAGE_ROWS), true);
    expect(store.missing(200, 210)).toEqual([]);
    store.put(3, page(600, PAGE_ROWS), true);
    expect(store.row(200)).toEqual([200]);
    expect(store.row(400)).toBeUndefined();
    expect(store.row(799)).toEqual([799]);
  });

  test('a page of a growing result is asked for again, a final one is not', () => {
    const store = new PageStore([], 4);
    store.put(0, page(0, 50), false);
    expect(store.missing(0, 40)).toEqual([]);
    expect(store.missing(0, 60)).toEqual([0]);
    store.put(0, page(0, 50), true);
    expect(store.missing(0, 60)).toEqual([]);
  });
});
