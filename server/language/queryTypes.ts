import { NameResolver } from '../../engine/sql/resolveNames.ts';
import type { Query, StatementScope } from '../../engine/sql/scopeTree.ts';
import type { TypedName } from '../../engine/sql/sqlTypes.ts';
import type { Column } from '../../engine/types.ts';
import type { LanguageDocument } from './languageDocument.ts';
import { fromSpan, trimmed, withCtes } from './refactoring.ts';

/** Columns of queries that would stand before a statement; undefined for what DuckDB does not take. */
export type DescribeQueries = (queries: readonly string[]) => Promise<readonly (readonly Column[] | undefined)[]>;

/** A statement with more has only the types that its text tells. */
const MAX_QUESTIONS = 60;
const MAX_STATEMENT_CHARACTERS = 32 * 1024;

/**
 * The document with the types that DuckDB finds for the queries, table functions and lists of a statement, and for the tables of
 * earlier statements that it reads. What depends on rows around it, or is half written, keeps what its text tells.
 */
export async function withQueryTypes(
  document: LanguageDocument,
  statement: StatementScope,
  describe: DescribeQueries,
): Promise<LanguageDocument> {
  if (statement.end - statement.start > MAX_STATEMENT_CHARACTERS) return document;
  const questions = [...questionsOf(document, statement)].slice(0, MAX_QUESTIONS);
  if (questions.length === 0) return document;
  const answers = await describe(questions.map(({ text }) => text));
  const described = new Map<object, readonly TypedName[]>();
  for (const [index, { about }] of questions.entries()) {
    const columns = answers[index];
    if (columns) described.set(about, columns);
  }
  const lookup = { ...document.lookup, described: (thing: object) => described.get(thing) };
  return { ...document, lookup, resolver: new NameResolver(document.script, lookup) };
}

interface Question {
  readonly about: object;
  readonly text: string;
}

function* questionsOf(document: LanguageDocument, statement: StatementScope): Generator<Question> {
  const { script, resolver } = document;
  for (const query of statement.queries) {
    if (query.members.length === 0 || !isRead(statement, query)) continue;
    const { start, end } = trimmed(script, query);
    if (end > start) yield { about: query, text: queryAlone(document, query, script.text.slice(start, end)) };
  }
  for (const block of statement.blocks) {
    for (const source of block.sources) {
      if (source.kind === 'function') {
        const close = script.text.slice(source.start, source.alias?.start ?? source.end).lastIndexOf(')');
        if (close >= 0) yield { about: source, text: `from ${script.text.slice(source.start, source.start + close + 1)}` };
      }
      const meaning = resolver.relationMeaning(source, block.query);
      if (meaning?.kind !== 'created' || !meaning.created.query || meaning.statement === statement) continue;
      const parts = meaning.created.parts;
      yield { about: meaning.created.query, text: `from ${script.text.slice(parts[0]?.start, parts.at(-1)?.end)}` };
    }
    for (const local of block.locals) {
      if (!local.listRange) continue;
      const from = fromSpan(script, block);
      const list = script.text.slice(local.listRange.start, local.listRange.end);
      const text = `select ${list}\n${from ? script.text.slice(from.start, from.end) : ''}`;
      yield { about: local, text: withCtes({ document, statement }, block, text) };
    }
  }
}

/** A query that gives rows, and no statement that writes. */
function isRead({ kind }: StatementScope, { members }: Query): boolean {
  return members.every((member) => !('sources' in member) || member.kind === 'select' || member.kind === 'values') && kind !== 'prepare';
}

/** A query behind the common table expressions around it. */
function queryAlone({ script, resolver }: LanguageDocument, query: Query, text: string): string {
  const around = resolver.visibleCtes(query, false).filter((cte) => cte.query);
  if (around.length === 0) return text;
  const ctes = around.sort((a, b) => a.start - b.start).map(({ start, end }) => script.text.slice(start, end));
  return `with recursive ${ctes.join(', ')}\nfrom (${text}\n)`;
}
