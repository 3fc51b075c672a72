import { type Statement, splitStatements } from '../engine/sql/splitStatements.ts';
import { classifyStatement, copiesToFile } from '../engine/sql/statementClass.ts';

/** A script longer than this is not looked through: it may have changed anything. */
const MAX_CHARACTERS = 256 * 1024;

/** False when a script certainly left databases, schemas, tables and the number of their rows as they were. */
export function mayChangeCatalog(sql: string): boolean {
  if (sql.length > MAX_CHARACTERS) return true;
  return splitStatements(sql).some((statement) => mayChange(statement, sql));
}

function mayChange(statement: Statement, sql: string): boolean {
  switch (classifyStatement(statement, sql)) {
    case 'query':
    case 'begin':
    case 'setting':
    case 'inert':
      return false;
    case 'change':
      return !copiesToFile(statement, sql);
    case 'end':
    case 'other':
      return true;
  }
}
