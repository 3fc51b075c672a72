import { KodiakError } from '../base/errors.ts';
import { closestNames } from '../sql/closestNames.ts';
import { statementScopes } from '../sql/errorPlaces.ts';
import type { Statement } from '../sql/splitStatements.ts';
import type { Facts } from './databaseFacts.ts';
import type { ScriptStubs } from './scriptStubs.ts';

/** DuckDB proposes the nearest name of its whole catalog, however far: better is what the statement and the script have. */
export function improved(error: KodiakError, statement: Statement, script: string, stubs: ScriptStubs, facts: Facts): KodiakError {
  if (/errhint NOT IMPLEMENTED/.test(error.message)) {
    return new KodiakError(error.code, 'Parser Error: LIMIT does not take a comma: write LIMIT … OFFSET …', { cause: error.cause });
  }
  const setting = /unrecognized configuration parameter "([^"]+)"/.exec(error.message)?.[1];
  if (setting !== undefined) {
    const candidates = closestNames(setting.toLowerCase(), error.candidates);
    const said = error.message.split('\n', 1)[0] ?? '';
    const hint = candidates.length === 0 ? '' : `\nDid you mean "${candidates[0]}"?`;
    return new KodiakError(error.code, said + hint, { candidates, cause: error.cause });
  }
  const [, kind, quoted] = /^Catalog Error: (\w+(?: Function)?) with name "?([^"]+?)"? does not exist/.exec(error.message) ?? [];
  const name = quoted?.split('.').at(-1)?.toLowerCase();
  if (kind === undefined || name === undefined) return error;
  const known: Record<string, () => Iterable<string>> = {
    Table: () => [
      ...statementScopes(statement, script).flatMap(({ queries }) => queries.flatMap(({ ctes }) => ctes.map((cte) => cte.name.text))),
      ...stubs.names,
    ],
    Type: () => facts.types,
    'Scalar Function': () => [...facts.functions, ...stubs.names],
    'Table Function': () => [...facts.tableFunctions, ...facts.tableMacros, ...stubs.names],
  };
  const near = closestNames(
    name,
    [...(known[kind]?.() ?? [])].filter((candidate) => /^\p{L}/u.test(candidate) || kind === 'Table'),
  );
  const others = error.candidates.filter((candidate) => !near.includes(candidate) && isLike(candidate, name));
  const candidates = [...near, ...(kind === 'Type' ? [] : others)];
  const plain = error.message.replace(/\nDid you mean ".*"\?/, '');
  const best = candidates[0];
  const hint = best === undefined ? '' : `\nDid you mean "${best}"?`;
  return new KodiakError(error.code, `${plain}${hint}`, { candidates, cause: error.cause });
}

/** Whether a proposal has anything to do with what is written: DuckDB always has one. */
function isLike(candidate: string, name: string): boolean {
  const last = candidate.split('.').at(-1)?.toLowerCase() ?? '';
  const isPart = name.length > 2 && last.length > 2 && (last.includes(name) || name.includes(last));
  return isPart || closestNames(name, [last]).length > 0;
}
