import { appendFileSync, linkSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type FileState, readFileState } from '../../../engine/cache/filePatterns.ts';
import { isSettled } from '../../../engine/cache/fileStamps.ts';
import { rowsOf, withSession } from '../../support/engines.ts';
import { place } from '../../support/searchedFolders.ts';

function known(state: FileState): FileState & { kind: 'known' } {
  if (state.kind !== 'known') throw new Error(state.reason);
  return state;
}

type Change = (root: string, write: (path: string) => void) => void;

const CHANGES: readonly (readonly [string, string, Change])[] = [
  ['a.csv', 'grows', (root) => appendFileSync(join(root, 'one/a.csv'), '2\n')],
  [
    'a.csv',
    'is written again with the same size and times',
    (root) => {
      writeFileSync(join(root, 'one/a.csv'), 'a\n9\n');
      utimesSync(join(root, 'one/a.csv'), 1_000_000, 1_000_000);
    },
  ],
  ['a.csv', 'is cut', (root) => truncateSync(join(root, 'one/a.csv'), 2)],
  [
    'a.csv',
    'is replaced',
    (root, write) => {
      write('one/new');
      renameSync(join(root, 'one/new'), join(root, 'one/a.csv'));
    },
  ],
  ['a.csv', 'goes', (root) => rmSync(join(root, 'one/a.csv'))],
  ['a.csv', 'appears in the working folder', (_, write) => write('working/a.csv')],
  ['a.csv', 'appears in the other folder', (_, write) => write('two/a.csv')],
  ['link.csv', 'grows behind the link', (root) => appendFileSync(join(root, 'home/target.csv'), '2\n')],
  [
    'link.csv',
    'is another link to the same file',
    (root) => {
      rmSync(join(root, 'one/link.csv'));
      linkSync(join(root, 'home/target.csv'), join(root, 'home/twin.csv'));
      symlinkSync(join(root, 'home/twin.csv'), join(root, 'one/link.csv'));
    },
  ],
  ['~/target.csv', 'grows', (root) => appendFileSync(join(root, 'home/target.csv'), '2\n')],
  ['*.csv', 'gets one more', (_, write) => write('two/z.csv')],
  ['*.csv', 'loses one', (root) => rmSync(join(root, 'one/b.csv'))],
  ['*.csv', 'has another name', (root) => renameSync(join(root, 'one/b.csv'), join(root, 'one/c.csv'))],
  ['[ab].csv', 'grows', (root) => appendFileSync(join(root, 'one/b.csv'), '2\n')],
  ['d/*/x.csv', 'gets one more', (_, write) => write('one/d/new/x.csv')],
  ['d/*/x.csv', 'grows', (root) => appendFileSync(join(root, 'one/d/e/x.csv'), '2\n')],
  ['y=*/*.csv', 'gets a folder', (_, write) => write('two/y=2/p.csv')],
  ['**/x.csv', 'gets a deep one', (_, write) => write('two/very/deep/x.csv')],
  ['d/**', 'gets a deep one', (_, write) => write('one/d/e/f/x.json')],
  ['nothing/here/x.csv', 'appears', (_, write) => write('two/nothing/here/x.csv')],
];

it.each(CHANGES)('sees that %s %s', (pattern, _, change) => {
  const { root, folders, write } = place('one/a.csv', 'one/b.csv', 'one/d/e/x.csv', 'one/y=1/p.csv', 'home/target.csv');
  symlinkSync(join(root, 'home/target.csv'), join(root, 'one/link.csv'));
  const before = known(readFileState([pattern], folders));
  expect(known(readFileState([pattern], folders))).toEqual(before);
  change(root, write);
  const after = known(readFileState([pattern], folders));
  expect(after.stamp).not.toBe(before.stamp);
  expect(after.guard).not.toBe(before.guard);
  expect(after.changedAtMs).toBeGreaterThanOrEqual(before.changedAtMs);
});

it.each([
  ['a.csv', 'one/b.csv'],
  ['*.csv', 'one/notes.md'],
  ['part-*.csv', 'one/other.csv'],
  ['d/*.csv', 'one/x.csv'],
  ['d/*/x.csv', 'one/d/e/y.csv'],
])('does not mind for %s that %s appears', (pattern, file) => {
  const { folders, write } = place('one/a.csv', 'one/d/e/x.csv');
  const before = known(readFileState([pattern], folders));
  write(file);
  expect(known(readFileState([pattern], folders)).stamp).toBe(before.stamp);
});

it.each([
  ['*.csv', 'one/z.csv'],
  ['**/*.csv', 'two/z.csv'],
  ['a.csv', 'working/a.csv'],
  ['sub/a.csv', 'working/sub/a.csv'],
])('sees by the guard of %s that %s came and went', (pattern, file) => {
  const { root, folders, write } = place('one/a.csv', 'two/sub/a.csv');
  const before = known(readFileState([pattern], folders));
  write(file);
  rmSync(join(root, file.startsWith('working/sub') ? 'working/sub' : file), { recursive: true });
  const after = known(readFileState([pattern], folders));
  expect(after.stamp).toBe(before.stamp);
  expect(after.guard).not.toBe(before.guard);
});

it('sees by the guard that a link to a folder pointed elsewhere for a while', () => {
  const { root, folders } = place('home/v1/a.csv', 'home/v2/a.csv');
  const current = join(root, 'one/current');
  symlinkSync(join(root, 'home/v1'), current);
  const before = known(readFileState(['current/a.csv'], folders));
  rmSync(current);
  symlinkSync(join(root, 'home/v2'), current);
  expect(known(readFileState(['current/a.csv'], folders)).stamp).not.toBe(before.stamp);
  rmSync(current);
  symlinkSync(join(root, 'home/v1'), current);
  const after = known(readFileState(['current/a.csv'], folders));
  expect(after.stamp).toBe(before.stamp);
  expect(after.guard).not.toBe(before.guard);
});

it('tells files that have just changed from settled ones', () => {
  const { root, folders } = place('one/a.csv');
  const state = known(readFileState(['a.csv'], { ...folders, search: [join(root, 'one')] }));
  expect(state.fileCount).toBe(1);
  expect(isSettled(state.changedAtMs, state.changedAtMs + 3000)).toBe(false);
  expect(isSettled(state.changedAtMs, state.changedAtMs + 3001)).toBe(true);
});

it.each([
  ['d', 'is a folder'],
  ['d/', 'is a folder'],
  ['/proc/self/stat', 'has no lasting content'],
  ['uptime.csv', 'has no lasting content'],
  ['/dev/null', 'is not a plain file'],
  ['many/*.csv', 'more than 200 files'],
  ['deep/*/*.csv', 'more than 200 folders'],
  ['deep/**/*.csv', 'more than 200 folders'],
  ['a\\*.csv', 'backslash'],
  ['a\0.csv', 'zero byte'],
  ['loop.csv', 'cannot be looked at'],
])('cannot check %j', (pattern, reason) => {
  const { root, folders, write } = place('one/d/a.csv');
  symlinkSync('/proc/uptime', join(root, 'one/uptime.csv'));
  symlinkSync('loop.csv', join(root, 'one/loop.csv'));
  for (let index = 0; index < 201; index++) write(pattern.startsWith('many') ? `one/many/${index}.csv` : `one/deep/${index}/x.csv`);
  expect(readFileState([pattern], folders)).toEqual({ kind: 'uncheckable', reason: expect.stringContaining(reason) });
});

it('cannot check a home folder that is not known', () => {
  const { folders } = place();
  expect(readFileState(['~/a.csv'], { ...folders, home: undefined }).kind).toBe('uncheckable');
});

it('looks at every file that DuckDB finds', async () => {
  const { root, folders, write } = place(
    'one/a.csv',
    'two/a.csv',
    'one/x[1].csv',
    'one/x1.csv',
    'one/.hidden.csv',
    'one/UP.CSV',
    'one/q?.csv',
  );
  for (const path of ['one/d/a.csv', 'one/d/e/a.csv', 'two/d/b.csv', 'one/.dots/a.csv', 'home/a.csv', 'one/b{1,2}.csv', 'one/sp ace.csv'])
    write(path);
  symlinkSync(join(root, 'two'), join(root, 'one/linked'));
  symlinkSync(join(root, 'nowhere'), join(root, 'one/dangling.csv'));
  const patterns = (
    'a.csv x1.csv *.csv *.CSV x[1].csv x?.csv q?.csv [!a]*.csv b{1,2}.csv sp*e.csv .*.csv d/*.csv */a.csv **/a.csv **/*.csv d/** ** * ' +
    'linked/*.csv linked/a.csv **/*/a.csv d**/a.csv d/**.csv */../a.csv ./*.csv ./a.csv ../two/*.csv ../two/a.csv sub//a.csv d//*.csv none*.csv'
  ).split(' ');
  patterns.push(join(root, 'one/a.csv'), join(root, '*/a.csv'), join(root, '**/a.csv'));
  await withSession(
    async (session) => {
      for (const { search } of [folders, { search: [join(root, 'two')] }]) {
        await session.run(`set file_search_path = '${search.join(',')}'`);
        for (const pattern of patterns) {
          const found = await rowsOf(session, `from glob('${pattern}')`);
          const { stamp } = known(readFileState([pattern], { ...folders, search }));
          const looked = (JSON.parse(stamp) as [string, string][]).filter(([, what]) => /^\d+:/.test(what)).map(([path]) => join(path));
          for (const row of found) expect(looked, pattern).toContain(join(String(Object.values(row)[0])));
        }
      }
    },
    { cache: { enabled: false } },
  );
});
