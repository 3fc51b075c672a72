import { isAbsolute, join } from 'node:path';
import type { Token } from './lexer.ts';
import type { Statement } from './splitStatements.ts';

/** A statement as it is executed: relative file paths that DuckDB would read against the process's folder are absolute. */
export interface ResolvedStatement {
  readonly text: string;
  /** Offset in the user's script for an offset in `text`. */
  toScript(offset: number): number;
}

/**
 * Makes the file path of COPY … TO, EXPORT DATABASE, IMPORT DATABASE and ATTACH absolute. Paths that are only read need nothing:
 * DuckDB looks for them in `file_search_path`.
 */
export function resolvePaths(statement: Statement, script: string, folder: string | undefined): ResolvedStatement {
  const literal = folder === undefined ? undefined : pathLiteral(statement, script);
  const path = literal && script.slice(literal.start + 1, literal.end - 1).replaceAll("''", "'");
  if (!literal || folder === undefined || !path || isAbsolute(path) || /^[A-Za-z0-9+.-]*:/.test(path) || path.startsWith('~')) {
    return { text: statement.text, toScript: (offset) => statement.start + offset };
  }
  const replacement = `'${join(folder, path).replaceAll("'", "''")}'`;
  const start = literal.start - statement.start;
  const end = literal.end - statement.start;
  const grown = replacement.length - (end - start);
  return {
    text: statement.text.slice(0, start) + replacement + statement.text.slice(end),
    toScript: (offset) => statement.start + (offset <= start ? offset : Math.max(start, offset - grown)),
  };
}

function pathLiteral(statement: Statement, script: string): Token | undefined {
  const { tokens } = statement;
  const word = (index: number) => {
    const token = tokens[index];
    return token?.kind === 'word' ? script.slice(token.start, token.end).toLowerCase() : '';
  };
  const literalAt = (index: number) => {
    const token = tokens[index];
    return token?.kind === 'string' && script.charAt(token.start) === "'" && !token.unterminated ? token : undefined;
  };
  switch (word(0)) {
    case 'copy': {
      for (let index = tokens.length - 2; index > 0; index--) if (word(index) === 'to') return literalAt(index + 1);
      return undefined;
    }
    case 'export':
    case 'import':
      return literalAt(2);
    case 'attach': {
      let index = word(1) === 'database' ? 2 : 1;
      if (word(index) === 'if') index += 3;
      return literalAt(index);
    }
    default:
      return undefined;
  }
}
