import { describe, expect, it } from 'vitest';
import { type FileFolder, fileFolders } from '../../../client/explorer/fileFolders.ts';

function lines(folder: FileFolder, indent = ''): string[] {
  return [
    ...folder.folders.flatMap((child) => [`${indent}${child.name}/ (${child.path})`, ...lines(child, `${indent}  `)]),
    ...folder.files.map(({ path }) => indent + (path.split('/').at(-1) ?? '')),
  ];
}

describe('fileFolders', () => {
  it('groups files by folder, in the order of their names, with single folders joined', () => {
    const paths = ['z.csv', 'data/raw/2024/a10.csv', 'data/raw/2024/a9.csv', 'data/b.csv', 'deep/er/and/x.json', 'deep/er/and/y/z.json'];
    const tree = fileFolders(
      '/w',
      'w',
      paths.map((path) => ({ folder: '/w', path })),
    );
    expect(lines(tree)).toEqual([
      'data/ (data)',
      '  raw/2024/ (data/raw/2024)',
      '    a9.csv',
      '    a10.csv',
      '  b.csv',
      'deep/er/and/ (deep/er/and)',
      '  y/ (deep/er/and/y)',
      '    z.json',
      '  x.json',
      'z.csv',
    ]);
    expect(fileFolders('/w', 'w', [])).toMatchObject({ folders: [], files: [] });
  });
});
