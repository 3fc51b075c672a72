import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sourceFiles } from './support/sourceFiles.ts';

/**
 * Who may import whom: source prefix → prefixes it may import besides its own folder. The longest matching prefix counts,
 * on both sides. A new arrow is a change of architecture and belongs into ARCHITECTURE.md in the same commit.
 */
const WALLS: Readonly<Record<string, readonly string[]>> = {
  'engine/base': ['engine/types.ts'],
  'engine/types.ts': ['engine/base'],
  'engine/sql': [],
  'engine/cache': ['engine/base', 'engine/types.ts'],
  'engine/plan': ['engine/base', 'engine/types.ts'],
  'engine/pool': ['engine/base', 'engine/types.ts'],
  'engine/memory': ['engine/base', 'engine/types.ts'],
  'engine/parallel': ['engine/base', 'engine/types.ts'],
  'engine/result': ['engine/base', 'engine/types.ts'],
  'engine/duckdb': ['engine/base', 'engine/types.ts', 'engine/result/chunk.ts'],
  'engine/checker': ['engine/base', 'engine/types.ts', 'engine/session.ts', 'engine/sql', 'engine/duckdb'],
  engine: [
    'engine/types.ts',
    'engine/base',
    'engine/sql',
    'engine/cache',
    'engine/plan',
    'engine/pool',
    'engine/memory',
    'engine/parallel',
    'engine/result',
    'engine/duckdb',
    'engine/checker',
  ],
  'server/protocol': [],
  server: ['server/protocol', 'engine/engine.ts', 'engine/types.ts', 'engine/sql', 'engine/base'],
  'client/monitor': ['server/protocol'],
  'client/plan': ['server/protocol', 'client/monitor'],
  'client/text': ['server/protocol', 'client/monitor'],
  'client/terminal': [
    'server/protocol',
    'client/monitor',
    'client/text',
    'client/exchange/drawnChart.ts',
    'client/exchange/exportedNotebook.ts',
    'client/exchange/readIpynb.ts',
    'client/exchange/sqlMagic.ts',
    'client/notebook/assertion.ts',
    'client/notebook/cellFormat.ts',
    'client/notebook/cellMarker.ts',
    'client/notebook/decodeUtf8.ts',
    'client/notebook/dependentCells.ts',
    'client/notebook/judgedRun.ts',
    'client/notebook/mergeConflict.ts',
    'client/notebook/parameters.ts',
    'client/notebook/readCells.ts',
    'client/notebook/resultOutput.ts',
    'client/notebook/scheduledRun.ts',
    'client/plan',
    'client/renderer/chart/chartAttributes.ts',
    'client/renderer/chart/firstChart.ts',
    'engine/base/wholeFile.ts',
    'engine/sql',
  ],
  'client/renderer': ['server/protocol', 'client/notebook/resultOutput.ts', 'client/monitor', 'client/plan'],
  'client/results': ['client', 'client/monitor', 'client/plan', 'client/text', 'server/protocol', 'engine/sql'],
  'client/explorer': ['client', 'client/monitor', 'client/results', 'server/protocol', 'engine/sql'],
  client: ['server/protocol', 'engine/sql', 'client/monitor', 'client/plan', 'client/text', 'client/results', 'client/explorer'],
};

/** npm packages and the only folders that may import them. `node:` modules are free, except in the renderer. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  vscode: ['client'],
  '@duckdb/node-api': ['engine/duckdb'],
  'd3-hierarchy': ['client/renderer/plan'],
  'lru-cache': ['engine/cache'],
  uplot: ['client/renderer/monitor'],
  'generic-pool': ['engine/pool'],
  'vscode-languageclient': ['client'],
  'vscode-jsonrpc': ['server', 'client/terminal'],
  'vscode-languageserver': ['server'],
  'vscode-languageserver-textdocument': ['server'],
  'sql-formatter': ['server/language'],
  'markdown-it': ['client/exchange'],
  slickgrid: ['client/renderer'],
  sortablejs: ['client/renderer'],
  vega: ['client/renderer/chart'],
  'vega-lite': ['client/renderer/chart'],
  'vega-interpreter': ['client/renderer/chart'],
};

const NO_EDITOR = ['client/renderer', 'client/terminal', 'client/monitor', 'client/plan', 'client/text'];

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = sourceFiles('engine', 'server', 'client');
const imports: Import[] = files.flatMap((file) => {
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/^\s*(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)/gm)].map((match) => {
    const specifier = match[2] ?? match[3] ?? '';
    const to = specifier.startsWith('.') ? relative('.', join(dirname(file), specifier)).replaceAll('\\', '/') : specifier;
    return { from: file, to, typeOnly: match[1] !== undefined };
  });
});
const ours = imports.filter(({ to }) => /^(engine|server|client)\//.test(to));

function home(file: string, table: Readonly<Record<string, unknown>>): string {
  const prefixes = Object.keys(table).filter((prefix) => file === prefix || file.startsWith(`${prefix}/`));
  return prefixes.sort((a, b) => b.length - a.length)[0] ?? '';
}

describe('architecture', () => {
  it('sees the source', () => {
    expect(files.length).toBeGreaterThan(60);
    expect(ours.length).toBeGreaterThan(100);
  });

  it('keeps the inner walls', () => {
    const broken = ours.filter(({ from, to }) => {
      const wall = home(from, WALLS);
      const allowed = WALLS[wall] ?? [];
      if (home(to, WALLS) === wall) return false;
      return !allowed.some((prefix) => to === prefix || (to.startsWith(`${prefix}/`) && home(to, WALLS) === prefix));
    });
    expect(broken.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('keeps each npm package in its folder', () => {
    const broken = imports.filter(({ from, to }) => {
      if (/^(engine|server|client)\//.test(to)) return false;
      if (to.startsWith('node:')) return from.startsWith('client/renderer/');
      if (to === 'vscode' && NO_EDITOR.some((folder) => from.startsWith(`${folder}/`))) return true;
      const name = to
        .split('/')
        .slice(0, to.startsWith('@') ? 2 : 1)
        .join('/');
      if (name === 'vscode-notebook-renderer') return !from.startsWith('client/renderer/');
      return !PACKAGES[name]?.some((folder) => from.startsWith(`${folder}/`));
    });
    expect(broken.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('has no cycle of value imports', () => {
    const graph = new Map<string, string[]>();
    for (const { from, to, typeOnly } of ours) if (!typeOnly) graph.set(from, [...(graph.get(from) ?? []), to]);
    const done = new Set<string>();
    const findCycle = (file: string, path: readonly string[]): string | undefined => {
      if (path.includes(file)) return [...path.slice(path.indexOf(file)), file].join(' → ');
      if (done.has(file)) return undefined;
      for (const next of graph.get(file) ?? []) {
        const cycle = findCycle(next, [...path, file]);
        if (cycle) return cycle;
      }
      done.add(file);
      return undefined;
    };
    expect(files.map((file) => findCycle(file, [])).filter(Boolean)).toEqual([]);
  });

  it('keeps method strings in the protocol', () => {
    const strays = files.filter((file) => !file.startsWith('server/protocol/') && /'kodiak\/[a-z]/.test(readFileSync(file, 'utf8')));
    expect(strays).toEqual([]);
  });

  it('names files in camelCase after one idea, without barrels', () => {
    const bad = files.filter((file) => {
      const name = file.slice(file.lastIndexOf('/') + 1);
      return !/^[a-z][A-Za-z0-9]*(\.d)?\.ts$/.test(name) || /^(index|utils?|helpers?|common|misc|manager|service)\.ts$/i.test(name);
    });
    expect(bad).toEqual([]);
  });
});
