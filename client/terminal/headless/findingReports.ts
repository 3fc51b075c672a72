import { isAbsolute, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { visible, visibleLines } from '../../text/displayText.ts';
import type { Style } from '../../text/style.ts';
import type { FileFinding } from './checkedFile.ts';

/** The findings of one file. */
export interface CheckedFile {
  /** As typed. */
  readonly path: string;
  readonly findings: readonly FileFinding[];
}

/** `file:line:column: error: message [rule]`, further lines of a message below it. */
export function findingLines({ path, findings }: CheckedFile, style: Style): string[] {
  return findings.flatMap(({ severity, rule, message, start }) => {
    const place = [path, start.line, ...(start.column === undefined ? [] : [start.column])].join(':');
    const [first = '', ...more] = visibleLines(message).trimEnd().split('\n');
    const kind = severity === 'error' ? style.red('error:') : 'note:';
    return [`${visible(place)}: ${kind} ${first} ${style.dim(`[${rule}]`)}`, ...more.map((line) => `    ${line}`)];
  });
}

/** Workflow commands of GitHub Actions, which become annotations. */
export function githubLines({ path, findings }: CheckedFile): string[] {
  return findings.map(({ severity, rule, message, start, end }) => {
    const columns = start.column !== undefined && start.line === end.line && end.column !== undefined;
    const properties = {
      file: slashed(path),
      line: String(start.line),
      endLine: String(end.line),
      ...(start.column !== undefined && { col: String(start.column) }),
      ...(columns && { endColumn: String(end.column) }),
      title: `Kodiak: ${rule}`,
    };
    const written = Object.entries(properties).map(
      ([name, value]) => `${name}=${escaped(visible(value)).replaceAll(':', '%3A').replaceAll(',', '%2C')}`,
    );
    return `::${severity === 'error' ? 'error' : 'notice'} ${written.join(',')}::${escaped(visibleLines(message).trimEnd())}`;
  });
}

/** A log of SARIF 2.1.0, with paths relative to the folder. */
export function sarifText(files: readonly CheckedFile[], folder: string, version: string): string {
  const ids = [...new Set(files.flatMap(({ findings }) => findings.map(({ rule }) => rule)))].sort();
  const results = files.flatMap(({ path, findings }) =>
    findings.map(({ severity, rule, message, start, end }) => ({
      ruleId: rule,
      ruleIndex: ids.indexOf(rule),
      level: severity === 'error' ? 'error' : 'note',
      message: { text: visibleLines(message).trimEnd() },
      locations: [{ physicalLocation: { artifactLocation: artifact(path, folder), region: region(start, end) } }],
    })),
  );
  const rules = ids.map((id) => ({ id, shortDescription: { text: `${id} error of DuckDB` } }));
  const run = {
    tool: { driver: { name: 'Kodiak', version, rules } },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { SRCROOT: { uri: `${pathToFileURL(folder).href.replace(/\/$/, '')}/` } },
    results,
  };
  return `${JSON.stringify({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }, undefined, 2)}\n`;
}

function artifact(path: string, folder: string): object {
  const inside = relative(folder, resolve(folder, path));
  if (inside.startsWith('..') || isAbsolute(inside)) return { uri: pathToFileURL(resolve(folder, path)).href };
  return { uri: slashed(inside).split('/').map(encodeURIComponent).join('/'), uriBaseId: 'SRCROOT' };
}

function region(start: FileFinding['start'], end: FileFinding['end']): object {
  if (start.column === undefined || end.column === undefined) return { startLine: start.line };
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
