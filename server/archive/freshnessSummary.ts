import type { Freshness, SourceChange } from '../../engine/types.ts';
import type { CheckResultsResult } from '../protocol/requests.ts';

/** How a cell's results stand to their sources, from how each of its statements does. What is not known of one is not known of all. */
export function summary(statements: readonly Freshness[]): CheckResultsResult {
  let unknown: string | undefined;
  let compared = false;
  for (const freshness of statements) {
    if (freshness.state === 'stale') return { state: 'changed', reason: changeText(freshness.change) };
    if (freshness.state === 'unknown') unknown ??= freshness.reason;
    compared ||= freshness.state === 'fresh';
  }
  if (unknown !== undefined) return { state: 'unknown', reason: unknown };
  return { state: compared ? 'unchanged' : 'done', reason: '' };
}

/** `orders.parquet changed since`. */
function changeText({ kind, name }: SourceChange): string {
  switch (kind) {
    case 'file':
      return `${fileText(name ?? 'a file')} changed since`;
    case 'table':
      return `${name?.split('.').slice(1).join('.') ?? 'a table'} changed since`;
    case 'database':
      return `the database ${name ?? ''} changed since`.replace('  ', ' ');
    case 'names':
      return 'names in it mean something else now';
    case 'anything':
      return 'its database changed since';
  }
}

/** The last part of a path; what a pattern finds has its folder as the last part. */
function fileText(name: string): string {
  const pattern = /^names like (.+) in .*$/s.exec(name)?.[1];
  return pattern === undefined ? (name.split(/[\\/]/).at(-1) ?? name) : `the list of files ${pattern}`;
}
