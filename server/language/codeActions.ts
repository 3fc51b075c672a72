import { type CodeAction, CodeActionKind, type Diagnostic, type Range } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { KodiakError } from '../../engine/base/errors.ts';
import { unquoted } from '../../engine/sql/definition.ts';
import { isFirmKeyword } from '../../engine/sql/keywords.ts';
import type { Statement } from '../../engine/sql/splitStatements.ts';
import { lowerText, type SqlText, sqlTextOf, statementAt } from './sqlText.ts';

/** An error with the diagnostic that shows it. */
export interface Finding {
  readonly error: KodiakError;
  readonly diagnostic: Diagnostic;
}

interface Fix {
  readonly title: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** DuckDB's own tables, which it proposes too. */
const INTERNAL = /^(?:pg_|duckdb_|sqlite_|pragma_)|\(|->/;

/** Clauses that come after GROUP BY. */
const AFTER_GROUP_BY = new Set([
  'having',
  'qualify',
  'window',
  'order',
  'limit',
  'offset',
  'union',
  'intersect',
  'except',
  'using',
  'sample',
]);

/** Quick fixes for the findings in a range: the name that was meant, GROUP BY, a qualifier, or quotes. */
export function codeActions(document: TextDocument, range: Range, findings: readonly Finding[]): CodeAction[] {
  const sql = sqlTextOf(document);
  const from = document.offsetAt(range.start);
  const to = document.offsetAt(range.end);
  return findings.flatMap(({ error, diagnostic }) => {
    const start = document.offsetAt(diagnostic.range.start);
    const end = document.offsetAt(diagnostic.range.end);
    if (start > to || end < from) return [];
    return fixesOf(error, sql, start, end).map(
      (fix, index): CodeAction => ({
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnostic],
        isPreferred: index === 0,
        edit: {
          changes: {
            [document.uri]: [{ range: { start: document.positionAt(fix.start), end: document.positionAt(fix.end) }, newText: fix.text }],
          },
        },
      }),
    );
  });
}

function fixesOf(error: KodiakError, sql: SqlText, start: number, end: number): Fix[] {
  const { message } = error;
  const written = sql.text.slice(start, end);
  const replacing = (text: string, title = `Change to ${text}`): Fix => ({ title, start, end, text });
  if (/Ambiguous reference/.test(message)) {
    const choices = /\(use: (.*)\)/.exec(message)?.[1] ?? '';
    return [...choices.matchAll(/"([^"]+)"/g)].map(([, name]) => replacing(qualified(name ?? '')));
  }
  if (/must appear in the GROUP BY clause/.test(message)) {
    const statement = statementAt(sql, start);
    return statement
      ? [groupBy(statement, sql.text, start, written), replacing(`any_value(${written})`, `Wrap in any_value(${written})`)]
      : [];
  }
  if (/^Parser Error: syntax error at or near/.test(message)) {
    const word = written.toLowerCase();
    return isFirmKeyword(word) ? [replacing(`"${written}"`, `Quote "${written}" as a name`)] : [];
  }
  const isFunction = /Function with name/.test(message);
  const fixes = candidatesOf(error).map((name) => replacing(isFunction ? name : qualified(name)));
  if (written.startsWith('"') && /Referenced column/.test(message)) {
    fixes.push(replacing(`'${written.slice(1, -1).replaceAll('""', '"').replaceAll("'", "''")}'`, 'Change to a string'));
  }
  return fixes;
}

function candidatesOf({ candidates, message }: KodiakError): string[] {
  const said = /(?:Candidate bindings|Candidate tables|Did you mean)\W*(".*")/.exec(message)?.[1] ?? '';
  const names = candidates.length > 0 ? candidates : [...said.matchAll(/"((?:[^"]|"")+)"/g)].map(([, name]) => name ?? '');
  return [...new Set(names)].filter((name) => name !== '' && !INTERNAL.test(name)).slice(0, 5);
}

/** A name with its qualifiers as SQL: each part quoted if it has to be. */
function qualified(name: string): string {
  return name
    .split('.')
    .map((part) => (/^[a-z_][a-z0-9_$]*$/i.test(part) && !isFirmKeyword(part.toLowerCase()) ? part : `"${part.replaceAll('"', '""')}"`))
    .join('.');
}

/** Adds the column to the GROUP BY of its query, or GROUP BY ALL where there is none. */
function groupBy({ tokens }: Statement, text: string, at: number, column: string): Fix {
  let depth = 0;
  let grouped = false;
  let end = at;
  for (const [index, token] of tokens.entries()) {
    if (token.start < at) continue;
    const word = lowerText(text, token);
    if (depth === 0 && (word === ')' || (token.kind === 'word' && AFTER_GROUP_BY.has(word)))) break;
    if (depth === 0 && word === 'group' && lowerText(text, tokens[index + 1]) === 'by') grouped = true;
    if (word === '(') depth++;
    if (word === ')') depth--;
    end = token.end;
  }
  return grouped
    ? { title: `Add ${unquotedText(column)} to GROUP BY`, start: end, end, text: `, ${column}` }
    : { title: 'Add GROUP BY ALL', start: end, end, text: ' GROUP BY ALL' };
}

function unquotedText(column: string): string {
  return column.startsWith('"') ? unquoted({ kind: 'quotedName', start: 0, end: column.length, unterminated: false }, column) : column;
}
