import type { Statement } from './splitStatements.ts';
import { stringValue } from './sqlNames.ts';

/** The file or folder that a statement writes to when it runs: of `COPY … TO`, also prepared or explained, or `EXPORT DATABASE`. */
export function writtenPath({ tokens }: Statement, script: string): string | undefined {
  const first = tokens[0] ? script.slice(tokens[0].start, tokens[0].end).toLowerCase() : '';
  if (!['copy', 'export', 'prepare', 'explain'].includes(first)) return undefined;
  const target = tokens.findLast(({ kind }, index) => {
    if (kind !== 'string') return false;
    const before = tokens[index - 1];
    return first === 'export' || (before !== undefined && /^to$/i.test(script.slice(before.start, before.end)));
  });
  return target && stringValue(script.slice(target.start, target.end));
}

/** True when one of the written paths is, holds, or may be matched by a path that the statement names. */
export function namesWrittenFile({ tokens }: Statement, script: string, written: readonly string[]): boolean {
  if (written.length === 0) return false;
  return tokens.some((token) => {
    if (token.kind !== 'string' && token.kind !== 'quotedName') return false;
    const text = script.slice(token.start, token.end);
    const path = token.kind === 'string' ? stringValue(text) : text.slice(1, -1);
    const fixed = path.replace(/[*?[].*$/, '');
    return written.some((target) => target === path || path.startsWith(`${target}/`) || (fixed !== path && target.startsWith(fixed)));
  });
}
