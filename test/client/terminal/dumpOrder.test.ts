import { describe, expect, test } from 'vitest';
import { type DumpedObject, inMakingOrder } from '../../../client/terminal/dumpOrder.ts';

let oid = 0;
function object(kind: DumpedObject['kind'], name: string, sql: string): DumpedObject {
  return { kind, schema: 'main', name, sql, oid: ++oid };
}

function order(...objects: readonly DumpedObject[]): string[] {
  return inMakingOrder(objects).map(({ name }) => name);
}

describe('dumpOrder', () => {
  test('tables stand behind those that they refer to', () => {
    const b = object('table', 'b', 'CREATE TABLE b(id INTEGER, FOREIGN KEY (id) REFERENCES a(id));');
    const c = object('table', 'C d', 'CREATE TABLE "C d"(id INTEGER, FOREIGN KEY (id) REFERENCES s.b(id));');
    const a = object('table', 'a', 'CREATE TABLE a(id INTEGER PRIMARY KEY, b INTEGER);');
    expect(order(c, b, a)).toEqual(['a', 'b', 'C d']);
  });

  test('views stand behind views and macros that they name, whenever those were made', () => {
    const first = object('view', 'v1', 'CREATE VIEW v1 AS SELECT * FROM "V2";');
    const second = object('view', 'v2', 'CREATE VIEW v2 AS SELECT m(id) FROM t;');
    const macro = object('macro', 'm', 'CREATE MACRO m(x) AS n(x)');
    const other = object('macro', 'n', 'CREATE MACRO n(x) AS x + 1');
    const table = object('table', 't', 'CREATE TABLE t(id INTEGER);');
    expect(order(first, second, macro, other, table)).toEqual(['t', 'n', 'm', 'v2', 'v1']);
  });

  test('a table whose default calls a macro stands behind it; columns called like tables mean nothing', () => {
    const a = object('table', 'a', 'CREATE TABLE a(b INTEGER DEFAULT(m(1)));');
    const b = object('table', 'b', 'CREATE TABLE b(a INTEGER);');
    expect(order(a, b, object('macro', 'm', 'CREATE MACRO m(x) AS x'))).toEqual(['m', 'a', 'b']);
  });

  test('circles by equal names end', () => {
    expect(
      order(object('view', 'a', 'CREATE VIEW a AS SELECT 1 AS b'), object('view', 'b', 'CREATE VIEW b AS SELECT 1 AS a')).toSorted(),
    ).toEqual(['a', 'b']);
  });
});
