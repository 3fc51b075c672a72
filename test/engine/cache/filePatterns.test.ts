import { appendFileSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type FileState, readFileState, type SearchFolders } from '../../../engine/cache/filePatterns.ts';
import { isSettled } from '../../../engine/cache/fileStamps.ts';
import { rowsOf, withSession } from '../../support/engines.ts';
import { temporaryFolder } from '../../support/temporaryFolder.ts';

/** A folder with `working`, `one` and `two`, of which the last two are searched, and files as given. */
function place(...files: string[]): { root: string; folders: SearchFolders; write(path: string): void } {
  const root = temporaryFolder();
  const write = (path: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), 'a\n1\n');
  };
  for (const folder of ['working', 'one', 'two', 'home']) mkdirSync(join(root, folder));
  for (const file of files) write(file);
  return {
    root,
    folders: { working: join(root, 'working'), search: [join(root, 'one'), join(root, 'two')], home: join(root, 'home') },
    write,
  };
}

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

const name = fc.constantFrom('a', 'b', 'ab', 'a.csv', 'b.csv');
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
const part: fc.Arbitrary<string> = fc.oneof(name, fc.constantFrom('*', '?', '[ab]', 'a*', '*.csv', '[!a]*', '?b', '*b*', '..', '.'));
const pattern = fc
  .array(part, { minLength: 1, maxLength: 3 })
  .chain((parts) =>
    fc
      .option(fc.nat(parts.length), { nil: undefined, freq: 3 })
      .map((deep) => (deep === undefined ? parts : parts.toSpliced(deep, 0, '**')).join('/')),
  );
const change = fc.record({
  kind: fc.constantFrom('write', 'remove', 'rename', 'link'),
  path,
  other: path,
  place: fc.constantFrom('one', 'two', 'working'),
});

/** Changes the tree, if the names that are there allow it. */
function apply(root: string, { kind, path, other, place }: { kind: string; path: string; other: string; place: string }): void {
  const here = join(root, place, path);
  const there = join(root, place, other);
  try {
    if (kind !== 'remove') mkdirSync(join(kind === 'rename' ? there : here, '..'), { recursive: true });
    if (kind === 'remove') rmSync(here, { recursive: true, force: true });
    else if (kind === 'write') writeFileSync(here, other);
    else if (kind === 'rename') renameSync(here, there);
    else symlinkSync(there, here);
  } catch {
    // A file where a folder should be, or the other way round.
  }
}

it('has another stamp whenever DuckDB reads something else', async () => {
  await withSession(
    async (session) => {
      const read = async (pattern: string) => {
        try {
          return JSON.stringify(await rowsOf(session, `select filename, content from read_text('${pattern}') order by all`));
        } catch {
          return 'failed';
        }
      };
      let known = 0;
      let changed = 0;
      await fc.assert(
        fc.asyncProperty(
          pattern,
          fc.array(change, { maxLength: 12 }),
          fc.array(change, { minLength: 1, maxLength: 6 }),
          async (pattern, first, then) => {
            const { root, folders } = place();
            await session.run(`set file_search_path = '${folders.search.join(',')}'`);
            for (const step of first) apply(root, step);
            let [state, content] = [readFileState([pattern], folders), await read(pattern)];
            for (const step of then) {
              apply(root, step);
              const [nextState, nextContent] = [readFileState([pattern], folders), await read(pattern)];
              if (state.kind === 'known' && nextState.kind === 'known') {
                known++;
                if (nextContent !== content) changed++;
                if (nextState.stamp === state.stamp) expect(nextContent).toBe(content);
              }
              [state, content] = [nextState, nextContent];
            }
          },
        ),
        { numRuns: 150 },
      );
      expect(known).toBeGreaterThan(100);
      expect(changed).toBeGreaterThan(5);
    },
    { cache: { enabled: false } },
  );
});
