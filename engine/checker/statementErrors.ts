import { isSyntaxError, KodiakError } from '../base/errors.ts';
import { unquoted } from '../sql/definition.ts';
import { dynamicPivots } from '../sql/dynamicPivots.ts';
import { placeError, statementScopes } from '../sql/errorPlaces.ts';
import { isFirmKeyword } from '../sql/keywords.ts';
import { certainCasts } from '../sql/literalCasts.ts';
import { isExplained, isOutputError, isStillTrue, type Replacement, repairName, withReplacements } from '../sql/nameRepairs.ts';
import type { TextRange } from '../sql/scopeTree.ts';
import type { Statement } from '../sql/splitStatements.ts';
import { sameName } from '../sql/sqlNames.ts';
import { unusedCtes } from '../sql/unusedCtes.ts';
import { catalogErrors } from './catalogErrors.ts';
import type { Facts } from './databaseFacts.ts';
import { positionOf, withPosition } from './errorPosition.ts';
import { improved } from './improvedError.ts';
import type { LargeFileStubs } from './largeFileStubs.ts';
import { missingOutputs, withMissingColumn } from './missingColumns.ts';
import type { Surroundings, Task } from './scriptPlan.ts';
import type { ScriptStubs } from './scriptStubs.ts';
import type { SessionNames } from './sessionNames.ts';
import { chainStart, mentions, mentionsQualified } from './statementWords.ts';
import { type NameProbing, unknownNames } from './unknownNames.ts';

/** Errors of one statement that are looked for. */
const MAX_ERRORS = 12;
/** Columns that DuckDB adds to a file's own. */
const VIRTUAL_COLUMNS = /\b(?:filename|file_row_number|file_index|rowid)\b/i;

/** Kinds of names that an extension may bring. */
const OF_EXTENSIONS =
  /^Catalog Error: (?:\w+ Function|Type|Copy Function|Pragma Function|Collation) with name|Unrecognized option|exists in the \S+ extension|configuration parameter|No function matches/;

/** Who is asked about a statement. */
export interface Asked {
  /** The connection with stand-ins for what the statements before it make. */
  readonly stubs: ScriptStubs;
  /** The one that sees only what is there. */
  readonly plain: ScriptStubs;
  readonly facts: Facts;
  readonly around: Surroundings;
  readonly files: LargeFileStubs;
  readonly probe: NameProbing;
}

/**
 * The errors of a statement; positions are relative to it. Of several errors DuckDB names the first: it is put out of the way, and DuckDB
 * is asked again.
 */
export async function statementErrors(task: Task, { stubs, plain, facts, around, files, probe }: Asked): Promise<KodiakError[]> {
  const { statement, script, judged } = task;
  const found: KodiakError[] = [];
  const add = (error: KodiakError, offset?: number) => {
    const at = placeError(error.message, offset, statement, script);
    const position = positionOf(at, statement);
    if (found.some((other) => other.position?.offset === position.offset && other.message === error.message)) return false;
    found.push(withPosition(improved(error, statement, script, stubs, facts), position));
    return true;
  };
  const asked = await unknownNames(task, stubs, facts, probe);
  for (const { error, token } of asked) if (error) add(error, token.start);
  if (judged.ask === 'nothing') return found;
  const repairs: Replacement[] = asked.flatMap(({ repair }) => repair ?? []);
  const unknown = judged.unknownFunctions ?? [];
  const onlyParse = judged.ask === 'parse' && (unknown.length === 0 || judged.unknownTableFunctions !== undefined);
  const largeFiles = onlyParse ? [] : await files.replacements(statement, script, around.cwd, plain.connection);
  const pivots = (onlyParse ? undefined : dynamicPivots(statement, script)) ?? [];
  const values = pivots.flatMap(({ pieces }) => pieces);
  const hidden: string[] = [];
  for (let count = 0; count < MAX_ERRORS; count++) {
    let origin = withReplacements(statement, [...largeFiles, ...values, ...repairs]);
    let error = await stubs.connection.check(origin, !onlyParse);
    if (error && largeFiles.length > 0 && VIRTUAL_COLUMNS.test(statement.text)) {
      origin = withReplacements(statement, [...values, ...repairs]);
      error = await stubs.connection.check(origin, true);
    }
    if (error && values.length > 0 && isSyntaxError(error)) {
      origin = withReplacements(statement, repairs);
      error = await stubs.connection.check(origin, false);
    }
    if (error?.code !== 'sql') break;
    const certain = isSyntaxError(error);
    // Outside of a PIVOT whose columns come from the data, nobody can know what it gives.
    if (!certain && pivots.length > 0 && !isWithin(error, pivots, statement, script)) break;
    if (!certain && (onlyParse || task.readsWritten || stubs.isVague || isBeyondKnowing(error))) break;
    if (stubs.hasExtensions && OF_EXTENSIONS.test(error.message)) break;
    if (!certain && (mentions(statement, script, stubs.uncertain) || mentionsQualified(statement, script, stubs.names))) break;
    if (!certain && mentions(statement, script, stubs.names) && !(await plain.connection.check(origin, true))) break;
    // What is said of a repaired statement is believed of names only.
    if (
      (repairs.length > 0 || (values.length > 0 && !certain)) &&
      !isStillTrue(
        error.message,
        found.map(({ message }) => message),
      )
    )
      break;
    const offset = error.position
      ? statement.start + error.position.offset
      : await callBehind(error, statement, script, [...largeFiles, ...values, ...repairs], stubs);
    error = await withMissingColumn(error, offset, statement, script, stubs);
    if (!isExplained(error.message, hidden) && !add(error, offset)) break;
    if (isOutputError(error.message)) {
      const outputs = await missingOutputs(task, error, stubs);
      for (const other of outputs.errors) add(other);
      if (outputs.repairs.length === 0) break;
      repairs.push(...outputs.repairs);
      continue;
    }
    const start =
      offset ??
      (/Could not find key "/.test(error.message)
        ? chainStart(placeError(error.message, undefined, statement, script), script)
        : undefined);
    const repair = start === undefined ? undefined : repairName(error.message, start, statement, script);
    if (!repair) break;
    if (repair.hides !== undefined) hidden.push(repair.hides);
    repairs.push(repair);
  }
  if (found.length === 0 && !onlyParse && !stubs.isVague && !mentions(statement, script, stubs.uncertain)) {
    for (const { cast, error } of await failingCasts(task, stubs)) {
      found.push(withPosition(error, positionOf(cast, statement)));
    }
  }
  if (found.length === 0 && !stubs.isVague) for (const error of await catalogErrors(task, stubs, plain, facts, around)) add(error);
  if (found.length === 0 && !stubs.isVague && task.gone.size > 0 && around.names) {
    for (const { name, start } of goneSources(task, around.names)) {
      const message = `Catalog Error: Table with name ${name} does not exist! An earlier statement drops it.`;
      add(new KodiakError('sql', message), start);
    }
  }
  return withoutUnused(found, statement).sort((a, b) => (a.position?.offset ?? 0) - (b.position?.offset ?? 0));
}

/**
 * Where the call of a macro stands whose own text calls a function wrongly: DuckDB names only that function. The one is meant without
 * which the error is another.
 */
async function callBehind(error: KodiakError, statement: Statement, script: string, pieces: readonly Replacement[], stubs: ScriptStubs) {
  const name = /No function matches the given name and argument types '([^'(]+)\(/.exec(error.message)?.[1];
  if (name === undefined || mentions(statement, script, new Set([name.toLowerCase()]))) return undefined;
  const calls = statement.tokens.filter((token, index) => {
    const next = statement.tokens[index + 1];
    return token.kind === 'word' && next && script.charAt(next.start) === '(' && !isFirmKeyword(unquoted(token, script).toLowerCase());
  });
  for (const call of calls.slice(0, MAX_ERRORS)) {
    const without = [...pieces, { start: call.start, end: call.end, text: 'row' }];
    const other = await stubs.connection.check(withReplacements(statement, without), true);
    if (other?.message !== error.message) return call.start;
  }
  return undefined;
}

/** Casts of written strings that are certainly done when the statement runs, and fail then. */
async function failingCasts({ statement, script }: Task, { connection }: ScriptStubs) {
  const failing: { readonly cast: TextRange; readonly error: KodiakError }[] = [];
  for (const cast of certainCasts(statement, script)) {
    try {
      await connection.rows(`select ${cast.expression}`);
    } catch (thrown) {
      if (thrown instanceof KodiakError && /^Conversion Error/.test(thrown.message)) failing.push({ cast, error: thrown });
    }
  }
  return failing;
}

/** Tables that a statement reads although they are gone by then. */
function goneSources({ statement, script, gone }: Task, names: SessionNames) {
  return statementScopes(statement, script).flatMap(({ blocks, queries, kind }) => {
    if (kind === 'create' || kind === 'drop' || kind === 'alter') return [];
    const common = new Set(queries.flatMap(({ ctes }) => ctes.map(({ name }) => name.text.toLowerCase())));
    return blocks.flatMap(({ sources }) =>
      sources.flatMap(({ parts, kind: source }) => {
        const [only, ...more] = parts;
        const name = only?.text.toLowerCase();
        if (!only || name === undefined || more.length > 0 || source !== 'relation' || !gone.has(name) || common.has(name)) return [];
        return names.tables.some((table) => sameName(table.name, name)) ? [] : [{ name: only.text, start: only.start }];
      }),
    );
  });
}

/** Errors that DuckDB would meet: what stands in a common table expression that nothing reads is never bound. */
function withoutUnused(found: readonly KodiakError[], { text }: Statement): KodiakError[] {
  if (found.every(isSyntaxError) || !/\bwith\b/i.test(text)) return [...found];
  const unused = unusedCtes(text);
  const isUnused = (offset: number) => unused.some(({ start, end }) => start <= offset && offset < end);
  return found.filter((error) => isSyntaxError(error) || !isUnused(error.position?.offset ?? 0));
}

function isWithin({ message, position }: KodiakError, pieces: readonly TextRange[], statement: Statement, script: string): boolean {
  const place = position ? statement.start + position.offset : placeError(message, undefined, statement, script).start;
  return pieces.some(({ start, end }) => start <= place && place < end);
}

/** Depends on parameters, files, prepared statements or extensions, or is what DuckDB has not built. */
function isBeyondKnowing(error: KodiakError): boolean {
  if (/^Not implemented Error: Unrecognized option "[^"]*" for (?:csv|parquet|json)\b/i.test(error.message)) return false;
  return (
    /^(?:Not implemented|Invalid Input|Parameter Not Allowed|HTTP|Missing Extension|Permission|Dependency|TransactionContext|Settings) Error/i.test(
      error.message,
    ) ||
    /parameter|prepared statement|extension|read-only|across different schemas or catalogs/i.test(
      (error.message.split('\n')[0] ?? '').replace('Invalid named parameter', ''),
    )
  );
}
