import { KodiakError } from '../base/errors.ts';
import { quoted } from '../base/sqlText.ts';
import { closestNames } from '../sql/closestNames.ts';
import { unquoted } from '../sql/definition.ts';
import { nameChain, statementScopes, tokenIndexAt } from '../sql/errorPlaces.ts';
import type { Replacement } from '../sql/nameRepairs.ts';
import { innermostBlock } from '../sql/scopeTree.ts';
import type { Statement } from '../sql/splitStatements.ts';
import { sameName } from '../sql/sqlNames.ts';
import type { Task } from './scriptPlan.ts';
import type { ScriptStubs } from './scriptStubs.ts';

/** In a subquery DuckDB looks for a table further out when it does not have the column: what is missing is the column. */
export async function withMissingColumn(
  error: KodiakError,
  offset: number | undefined,
  statement: Statement,
  script: string,
  stubs: ScriptStubs,
): Promise<KodiakError> {
  const table = /Referenced table "((?:[^"]|"")*)" not found/.exec(error.message)?.[1];
  const index = offset === undefined || table === undefined ? -1 : tokenIndexAt(statement, offset);
  const column = index < 0 ? undefined : nameChain(statement, script, index)[1];
  if (!column || table === undefined || offset === undefined) return error;
  const scope = statementScopes(statement, script).find(({ start, end }) => start <= offset && offset <= end);
  const source =
    scope && innermostBlock(scope, offset)?.sources.find(({ alias, parts }) => sameName((alias ?? parts.at(-1))?.text ?? '', table));
  if (!source) return error;
  const name = unquoted(column, script);
  const parts = source.kind === 'relation' ? script.slice(source.parts[0]?.start, source.parts.at(-1)?.end) : '';
  const columns = (parts === '' ? undefined : await stubs.connection.describe(`from ${parts}`)) ?? [];
  const candidates = closestNames(
    name.toLowerCase(),
    columns.map((other) => other.name),
  );
  const message = `Binder Error: Table "${table}" does not have a column named "${name}"`;
  return new KodiakError('sql', message, { candidates, ...(error.position && { position: error.position }) });
}

/**
 * Columns that an INSERT or UPDATE writes to and its table does not have, beside the one that DuckDB names; and columns that it has in
 * place of all of them.
 */
export async function missingOutputs({ statement, script }: Task, { message }: KodiakError, stubs: ScriptStubs) {
  const errors: KodiakError[] = [];
  const repairs: Replacement[] = [];
  for (const { blocks } of statementScopes(statement, script)) {
    const block = blocks.find(({ references }) => references.some(({ kind }) => kind === 'output'));
    const target = block?.sources[0];
    if (!block || !target) continue;
    const columns = await stubs.connection.describe(`from ${script.slice(target.parts[0]?.start ?? 0, target.parts.at(-1)?.end ?? 0)}`);
    const outputs = block.references.flatMap(({ kind, parts }) => (kind === 'output' && parts[0] ? [parts[0]] : []));
    const names = (columns ?? []).map(({ name }) => name);
    const free = names.filter((name) => !outputs.some(({ text }) => sameName(text, name)));
    for (const output of outputs) {
      if (names.length === 0 || names.some((name) => sameName(name, output.text))) continue;
      const other = free.shift();
      if (other !== undefined) repairs.push({ start: output.start, end: output.end, text: quoted(other) });
      if (message.toLowerCase().includes(output.text.toLowerCase())) continue;
      const candidates = closestNames(output.text.toLowerCase(), names);
      errors.push(new KodiakError('sql', `Binder Error: Table does not have a column with name "${output.text}"`, { candidates }));
    }
  }
  return { errors, repairs };
}
