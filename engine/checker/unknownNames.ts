import type { KodiakError } from '../base/errors.ts';
import type { ProbedKind } from '../duckdb/nameProbe.ts';
import { unquoted } from '../sql/definition.ts';
import type { Token } from '../sql/lexer.ts';
import type { Replacement } from '../sql/nameRepairs.ts';
import { settingName, settingsRead } from '../sql/settingName.ts';
import type { Statement } from '../sql/splitStatements.ts';
import { stringValue } from '../sql/sqlNames.ts';
import type { Facts } from './databaseFacts.ts';
import type { Task } from './scriptPlan.ts';
import type { ScriptStubs } from './scriptStubs.ts';
import { isNameToken, mentions } from './statementWords.ts';

/** What is wrong with a name that the database does not have, whatever it has loaded; `undefined` for what an extension would bring. */
export type NameProbing = (kind: ProbedKind, name: string) => Promise<KodiakError | undefined>;

/**
 * Names of functions, settings and pragmas that the database does not have, with what is wrong with them, and what stands in for
 * them when the rest of the statement is bound.
 */
export async function unknownNames({ statement, script, judged }: Task, stubs: ScriptStubs, facts: Facts, probe: NameProbing) {
  const names: { readonly kind: ProbedKind; readonly token: Token; readonly name?: string; readonly repair?: Replacement }[] = [];
  for (const token of judged.unknownFunctions ?? []) names.push({ kind: 'scalar', token, repair: anyFunction(token, statement, script) });
  for (const token of judged.unknownTableFunctions ?? []) {
    names.push({ kind: 'table', token, repair: { start: token.start, end: token.end, text: 'row' } });
  }
  const setting = settingName(statement, script);
  if (setting) names.push(setting);
  for (const token of settingsRead(statement, script)) {
    const name = stringValue(script.slice(token.start, token.end));
    const repair = { start: token.start, end: token.end, text: "'threads'" };
    if (!facts.settings.has(name.toLowerCase())) names.push({ kind: 'setting', token, name, repair });
  }
  const called = calledFunction(statement, script);
  if (called && ![facts.tableFunctions, facts.tableMacros].some((known) => known.has(unquoted(called, script).toLowerCase()))) {
    names.push({ kind: 'table', token: called });
  }
  const found: { readonly token: Token; readonly error: KodiakError | undefined; readonly repair: Replacement | undefined }[] = [];
  for (const { kind, token, name = unquoted(token, script), repair } of names) {
    const silent = stubs.isVague || stubs.hasExtensions || mentions({ ...statement, tokens: [token] }, script, stubs.uncertain);
    const error = silent ? undefined : await probe(kind, name);
    // What an extension would bring is put out of the way as well.
    if (error || repair) found.push({ token, error, repair });
  }
  return found;
}

/** The function that CALL calls. */
function calledFunction(statement: Statement, script: string): Token | undefined {
  const [first, name, open] = statement.tokens;
  const isCall = first && open && /^call$/i.test(script.slice(first.start, first.end)) && script.charAt(open.start) === '(';
  return isCall && name && isNameToken(name.kind) ? name : undefined;
}

/** A function that takes any arguments in place of one that is not there, with what it is a method of. */
function anyFunction(token: Token, { tokens }: Statement, script: string): Replacement {
  const textAt = (index: number) => script.slice(tokens[index]?.start ?? 0, tokens[index]?.end ?? 0);
  let at = tokens.indexOf(token);
  while (textAt(at - 1) === '.' && isNameToken(tokens[at - 2]?.kind ?? '')) at -= 2;
  // A method of an expression keeps it as its argument.
  const isOfExpression = textAt(at - 1) === '.';
  const start = isOfExpression ? token.start : (tokens[at]?.start ?? token.start);
  const hasArguments = isOfExpression || textAt(tokens.indexOf(token) + 2) !== ')';
  return { start, end: token.end, text: hasArguments ? 'hash' : 'random' };
}
