import { copyFileSync, existsSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openArchiveReader } from '../../engine/engine.ts';
import type { ArchivedResult, ArchiveReader, Engine, Result, Session } from '../../engine/types.ts';
import { withSession } from '../support/engines.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';

/** Every type of DuckDB, and values that a careless form of storage would change. */
const STRANGE_VALUES = [
  'select * from test_all_types()',
  "select null, json('{\"a\": [1, null]}'), row(1, row(2, 'x')), [row(1, [row(2)])], {'__proto__': 1, 'a b': 2, '\"': 3}",
  "select u::union(k integer, s varchar) from (values (1), (2)) t(i), (select union_value(s := 'two') u union all select union_value(s := null))",
  'select 1 as a, 2 as a, 3 as "A", 4 as rowid, 5 as "c0"',
  "select interval 30 day union all select interval 1 month union all select interval '-1 year 400 days 25:00:00'",
  "select x::double from (values ('-0.0'), ('0.0'), ('nan'), ('inf'), ('-inf'), ('1e-310')) t(x)",
  "select 'a' || chr(0) || 'b', '\u202e' || 'rtl', '\ud83d\udc3b', '', ' ', '\\x00'::blob",
  "select timetz '12:00:00+01:30', timestamptz 'infinity', date '-infinity', date '5877642-06-25 (BC)'",
  'select 170141183460469231731687303715884105727::hugeint, -170141183460469231731687303715884105727::bignum * 1000',
  "select {'a': 1, 'b': ['x'::variant, 1::variant]}::variant, 'POINT(1 2)'::geometry",
  "select map {[1]: {'a': null}}, [[]::integer[], null, [null]], [1, 2, 3]::integer[3]",
  'select 1 where false',
];

/** A result as its file's reader needs it. */
function archivedAs(result: Result, path: string, rowCount = result.rowCount): ArchivedResult {
  const { columns, kind, range, bytes, truncated, rowsChanged, elapsedMs, provenance } = result;
  return { path, columns, kind, range, bytes, truncated, rowsChanged, elapsedMs, provenance, rowCount };
}

async function withArchive<T>(use: (parts: { engine: Engine; session: Session; reader: ArchiveReader; folder: string }) => Promise<T>) {
  const folder = temporaryFolder();
  const reader = openArchiveReader({ temporaryFolder: folder });
  try {
    return await withSession((session, engine) => use({ engine, session, reader, folder }));
  } finally {
    await reader.close();
  }
}

/** Archives the rows of a query and opens them again. */
async function reopened(
  { engine, session, reader, folder }: { engine: Engine; session: Session; reader: ArchiveReader; folder: string },
  sql: string,
): Promise<{ before: Result; after: Result; path: string; fingerprint: string }> {
  const before = await session.run(sql);
  const path = join(folder, `${readdirSync(folder).length}.rows`);
  const { fingerprint } = await engine.archive(before, path);
  return { before, after: reader.open(archivedAs(before, path)), path, fingerprint };
}

describe('archived results', () => {
  it('come back with every value of every type as it was', async () => {
    await withArchive(async (parts) => {
      for (const sql of STRANGE_VALUES) {
        const { before, after } = await reopened(parts, sql);
        expect(after.columns, sql).toEqual(before.columns);
        expect(await after.page(0, after.rowCount), sql).toEqual(await before.page(0, before.rowCount));
        before.release();
        after.release();
      }
    });
  });

  it('are compared with results of now, from either side, and with each other', { tags: ['slow'] }, async () => {
    await withArchive(async (parts) => {
      const { engine, session } = parts;
      const old = await reopened(parts, "select range as id, 'x' as name from range(4)");
      const other = await reopened(parts, "select range as id, 'y' as name from range(1, 4)");
      // Of so many rows that they have a table, and of so few that they have none.
      for (const rows of [5, 300_000]) {
        const now = await session.run(`select range as id, if(range = 2, 'changed', 'x') as name from range(1, ${rows})`);
        const changes = { added: rows - 4, removed: 1, changed: 1, unchanged: 2 };
        for (const [left, right, summary] of [
          [old.after, now, changes],
          [now, old.after, { ...changes, added: changes.removed, removed: changes.added }],
          [old.after, other.after, { added: 0, removed: 1, changed: 3, unchanged: 0 }],
        ] as const) {
          const comparison = await engine.compare(left, right, { key: ['id'] });
          expect(comparison.summary).toMatchObject(summary);
          const { result } = comparison;
          expect(await result.page(0, 1)).toHaveLength(1);
          result.release();
        }
        now.release();
      }
      expect(await old.after.page(3, 1)).toEqual([[3n, 'x']]);
      for (const result of [old.before, old.after, other.before, other.after]) result.release();
    });
  });

  it('that are gone from the disk are said so when they are compared', async () => {
    await withArchive(async (parts) => {
      const old = await reopened(parts, 'select 1 as id');
      expect(await old.after.page(0, 1)).toEqual([[1]]);
      rmSync(old.path);
      const now = await parts.session.run('select 2 as id');
      await expect(parts.engine.compare(old.after, now, {})).rejects.toThrow('The kept rows cannot be read');
      for (const result of [old.before, old.after, now]) result.release();
    });
  });

  it('of a large result are written from where its rows are, in their order', { tags: ['slow'] }, async () => {
    await withArchive(async (parts) => {
      const sql = "select range i, hash(range) h, 'row ' || range s from range(1_500_000)";
      const { before, after } = await reopened(parts, sql);
      for (const offset of [0, 123_456, 1_499_990]) expect(await after.page(offset, 20)).toEqual(await before.page(offset, 20));
      expect(await after.page(1_500_000, 5)).toEqual([]);
      before.release();
      after.release();
    });
  });

  it('are handles like others: views, profiles and exports', async () => {
    await withArchive(async (parts) => {
      const { after } = await reopened(parts, "select range i, range % 7 m, 'x' || range s from range(20_000)");
      const view = await after.view({ sort: [{ column: 0, descending: true }], filters: [{ column: 1, op: 'equals', values: [3] }] });
      expect(await view.page(0, 2)).toEqual([
        [19_995n, 3n, 'x19995'],
        [19_988n, 3n, 'x19988'],
      ]);
      expect(await view.positions(0, 1)).toEqual([19_995]);
      expect(await after.profile(1)).toMatchObject({ rowCount: 20_000, distinctCount: 7 });
      const file = join(parts.folder, 'out.csv');
      expect(await after.export(file, { format: 'csv', view })).toMatchObject({ rows: view.rowCount });
      view.release();
      after.release();
    });
  });

  it('can be cut to their first rows', { tags: ['slow'] }, async () => {
    await withArchive(async ({ engine, session, reader, folder }) => {
      for (const sql of ['from range(50_000)', 'select range, hash(range) from range(2_000_000)']) {
        const before = await session.run(sql);
        const path = join(folder, `${before.rowCount}.rows`);
        const { rows } = await engine.archive(before, path, { maxRows: 1234 });
        expect(rows).toBe(1234);
        const after = reader.open(archivedAs(before, path, rows));
        expect(await after.page(1230, 10)).toEqual(await before.page(1230, 4));
        before.release();
        after.release();
      }
    });
  });

  it('have equal fingerprints when types, values and order are equal, and no others', async () => {
    await withArchive(async (parts) => {
      const queries = [
        'select range from range(5000)',
        'select range from range(5000) order by range desc',
        'select range::integer from range(5000)',
        'select 0.0::double',
        'select -0.0::double',
        'select interval 30 day',
        'select interval 1 month',
        "select ['a, b']",
        "select ['a', 'b']",
        'select [null]',
        "select ['NULL']",
        "select ''",
        'select null::varchar',
      ];
      const seen = new Map<string, string>();
      for (const sql of queries) {
        const { fingerprint, before, after } = await reopened(parts, sql);
        expect(seen.get(fingerprint), sql).toBeUndefined();
        seen.set(fingerprint, sql);
        before.release();
        after.release();
      }
      const again = await reopened(parts, 'select range as other_name from range(5000)');
      expect(seen.get(again.fingerprint)).toBe('select range from range(5000)');
    });
  });

  it('share their file with other readers, also in one process, and let go of it', async () => {
    await withArchive(async (parts) => {
      const { before, after, path } = await reopened(parts, 'from range(3000)');
      const other = openArchiveReader({ temporaryFolder: parts.folder });
      const [second, third] = [parts.reader.open(archivedAs(before, path)), other.open(archivedAs(before, path))];
      for (const result of [after, second, third]) expect(await result.page(2999, 1)).toEqual([[2999n]]);
      after.release();
      expect(await second.page(0, 1)).toEqual([[0n]]);
      second.release();
      await expect(second.page(0, 1)).rejects.toMatchObject({ code: 'unavailable' });
      const fourth = parts.reader.open(archivedAs(before, path));
      expect(await fourth.page(7, 1)).toEqual([[7n]]);
      await other.close();
      await expect(third.page(0, 1)).rejects.toMatchObject({ code: 'unavailable' });
    });
  });

  it('say that their file is damaged, incomplete, gone, or something else', async () => {
    await withArchive(async (parts) => {
      const { before, path } = await reopened(parts, 'select range, hash(range) from range(100_000)');
      const short = join(parts.folder, 'short');
      copyFileSync(path, short);
      truncateSync(short, statSync(path).size / 2);
      const text = join(parts.folder, 'text');
      writeFileSync(text, 'not a database');
      const empty = join(parts.folder, 'empty');
      writeFileSync(empty, '');
      for (const file of [short, text, empty, join(parts.folder, 'absent')]) {
        const damaged = parts.reader.open(archivedAs(before, file));
        await expect(
          damaged.page(0, 100_000).then(() => damaged.profile(1)),
          file,
        ).rejects.toMatchObject({ code: 'unavailable' });
      }
      expect(await parts.reader.open(archivedAs(before, path)).page(5, 1)).toEqual(await before.page(5, 1));
    });
  });

  it('can be interrupted while they are written, and are written although everybody lets go of the rows', { tags: ['slow'] }, async () => {
    await withArchive(async ({ engine, session, folder }) => {
      const result = await session.run("select range, hash(range)::varchar || 'x' from range(1_000_000)");
      const controller = new AbortController();
      const writing = engine.archive(result, join(folder, 'a.rows'), { signal: controller.signal });
      setTimeout(() => controller.abort(), 20);
      await expect(writing).rejects.toMatchObject({ code: 'cancelled' });
      const again = engine.archive(result, join(folder, 'b.rows'));
      result.release();
      expect(await again).toMatchObject({ rows: 1_000_000 });
      expect(existsSync(join(folder, 'b.rows.wal'))).toBe(false);
    });
  });
});
