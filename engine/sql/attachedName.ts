import { unquoted } from './definition.ts';
import type { Statement } from './splitStatements.ts';
import { stringValue } from './sqlNames.ts';

/** The name of the database that ATTACH adds or DETACH takes away, in lower case; undefined where the text does not tell. */
export function attachedName({ tokens }: Statement, script: string): string | undefined {
  const text = (index: number) => script.slice(tokens[index]?.start ?? 0, tokens[index]?.end ?? 0).toLowerCase();
  const isDetach = text(0) === 'detach';
  let at = 1;
  while (['database', 'if', 'not', 'exists', 'or', 'replace'].includes(text(at))) at++;
  const token = tokens[at];
  if (!token) return undefined;
  if (isDetach) return unquoted(token, script).toLowerCase();
  const alias = tokens[at + 2];
  if (text(at + 1) === 'as' && alias) return unquoted(alias, script).toLowerCase();
  if (token.kind !== 'string') return undefined;
  const path = stringValue(script.slice(token.start, token.end));
  if (path === '' || path === ':memory:') return 'memory';
  // DuckDB names it after its file; what stands for a service has a name of its own.
  if (/^[a-z][a-z0-9_]*:/i.test(path)) return undefined;
  return /([^/\\]+?)(?:\.[^./\\]*)?$/.exec(path)?.[1]?.toLowerCase();
}
