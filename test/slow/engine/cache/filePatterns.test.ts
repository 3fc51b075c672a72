import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readFileState } from '../../../../engine/cache/filePatterns.ts';
import { rowsOf, withSession } from '../../../support/engines.ts';
import { place } from '../../../support/searchedFolders.ts';

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
        { numRuns: 500 },
      );
      expect(known).toBeGreaterThan(100);
      expect(changed).toBeGreaterThan(5);
    },
    { cache: { enabled: false } },
  );
});
