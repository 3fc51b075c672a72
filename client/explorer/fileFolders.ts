import type { DataFile } from './dataFiles.ts';

/** A folder with data files in it or below; folders that hold nothing but one other folder are joined with it. */
export interface FileFolder {
  /** `data/raw` */
  readonly name: string;
  /** The workspace folder, absolute. */
  readonly root: string;
  /** Within the workspace folder, with forward slashes; empty for itself. */
  readonly path: string;
  readonly folders: readonly FileFolder[];
  readonly files: readonly DataFile[];
}

/** The files of one workspace folder as a tree, in the order of their names. */
export function fileFolders(root: string, name: string, files: readonly DataFile[]): FileFolder {
  return build(root, name, '', files);
}

function build(root: string, name: string, path: string, files: readonly DataFile[]): FileFolder {
  const start = path === '' ? 0 : path.length + 1;
  const own: DataFile[] = [];
  const below = new Map<string, DataFile[]>();
  for (const file of files) {
    const slash = file.path.indexOf('/', start);
    if (slash < 0) {
      own.push(file);
      continue;
    }
    const child = file.path.slice(start, slash);
    const list = below.get(child) ?? [];
    list.push(file);
    below.set(child, list);
  }
  const folders = [...below].sort(([a], [b]) => compareNames(a, b)).map(([child, list]) => join(root, path, child, list));
  return { name, root, path, folders, files: own.sort((a, b) => compareNames(a.path, b.path)) };
}

/** A folder below another, with the only folder below it in one. */
function join(root: string, parent: string, child: string, files: readonly DataFile[]): FileFolder {
  const path = parent === '' ? child : `${parent}/${child}`;
  const folder = build(root, child, path, files);
  const [only] = folder.folders;
  return folder.files.length === 0 && folder.folders.length === 1 && only !== undefined
    ? { ...only, name: `${child}/${only.name}` }
    : folder;
}

function compareNames(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
