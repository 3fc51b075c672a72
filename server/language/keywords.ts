/** Words that begin a statement. */
export const STATEMENT_KEYWORDS: readonly string[] = [
  'SELECT',
  'FROM',
  'WITH',
  'INSERT INTO',
  'UPDATE',
  'DELETE FROM',
  'CREATE TABLE',
  'CREATE OR REPLACE TABLE',
  'CREATE VIEW',
  'CREATE',
  'DROP TABLE',
  'DROP',
  'ALTER TABLE',
  'MERGE INTO',
  'COPY',
  'DESCRIBE',
  'SUMMARIZE',
  'EXPLAIN',
  'PIVOT',
  'UNPIVOT',
  'SET',
  'RESET',
  'PRAGMA',
  'CALL',
  'SHOW',
  'USE',
  'ATTACH',
  'DETACH',
  'VALUES',
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'TRUNCATE',
  'EXPORT DATABASE',
  'IMPORT DATABASE',
  'INSTALL',
  'LOAD',
  'VACUUM',
  'CHECKPOINT',
];

/** Words that begin an expression. */
export const EXPRESSION_START: readonly string[] = ['CASE', 'CAST', 'NOT', 'EXISTS', 'NULL', 'TRUE', 'FALSE', 'INTERVAL', 'LAMBDA'];

/** Words that go on with an expression. */
export const AFTER_OPERAND: readonly string[] = [
  'AND',
  'OR',
  'IS NULL',
  'IS NOT NULL',
  'IN',
  'NOT IN',
  'LIKE',
  'ILIKE',
  'BETWEEN',
  'IS DISTINCT FROM',
  'WHEN',
  'THEN',
  'ELSE',
  'END',
];

export const WINDOW_KEYWORDS: readonly string[] = ['PARTITION BY', 'ORDER BY'];

export const JOIN_KEYWORDS: readonly string[] = [
  'JOIN',
  'LEFT JOIN',
  'INNER JOIN',
  'RIGHT JOIN',
  'FULL JOIN',
  'CROSS JOIN',
  'ASOF JOIN',
  'SEMI JOIN',
  'ANTI JOIN',
  'NATURAL JOIN',
  'POSITIONAL JOIN',
];

const AFTER_FROM = ['WHERE', 'GROUP BY', 'HAVING', 'WINDOW', 'QUALIFY', 'ORDER BY', 'LIMIT', 'UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'];

/** Clauses in the order in which they are written, those of the same place together. */
export const CLAUSE_ORDER: readonly (readonly string[])[] = [
  ['FROM'],
  ['WHERE'],
  ['GROUP BY'],
  ['HAVING'],
  ['WINDOW'],
  ['QUALIFY'],
  ['TABLESAMPLE', 'USING SAMPLE'],
  ['UNION', 'INTERSECT', 'EXCEPT'],
  ['ORDER BY'],
  ['LIMIT', 'OFFSET'],
];

/** Clauses that may follow a clause, in DuckDB's order. */
export const CLAUSES_AFTER: Readonly<Record<string, readonly string[]>> = {
  select: ['FROM', ...AFTER_FROM],
  from: AFTER_FROM,
  on: AFTER_FROM,
  using: AFTER_FROM,
  where: AFTER_FROM.slice(1),
  group: ['HAVING', 'WINDOW', 'QUALIFY', 'ORDER BY', 'LIMIT', 'UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'],
  having: ['WINDOW', 'QUALIFY', 'ORDER BY', 'LIMIT', 'UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'],
  window: ['QUALIFY', 'ORDER BY', 'LIMIT', 'UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'],
  qualify: ['ORDER BY', 'LIMIT', 'UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'],
  order: ['LIMIT', 'OFFSET'],
  pivot: ['USING', 'GROUP BY', 'ON', 'INTO', 'ORDER BY', 'LIMIT'],
  limit: ['OFFSET', 'UNION', 'UNION ALL'],
};

/** Options of COPY, those of all formats. */
export const COPY_OPTIONS: readonly string[] = [
  'FORMAT',
  'HEADER',
  'DELIMITER',
  'QUOTE',
  'ESCAPE',
  'NULL',
  'COMPRESSION',
  'COMPRESSION_LEVEL',
  'PARTITION_BY',
  'OVERWRITE_OR_IGNORE',
  'APPEND',
  'PER_THREAD_OUTPUT',
  'FILE_SIZE_BYTES',
  'FILENAME_PATTERN',
  'ROW_GROUP_SIZE',
  'DATEFORMAT',
  'TIMESTAMPFORMAT',
  'ARRAY',
];

const ATTACH_OPTIONS =
  'TYPE READ_ONLY READ_WRITE BLOCK_SIZE ROW_GROUP_SIZE STORAGE_VERSION ENCRYPTION_KEY ENCRYPTION_CIPHER COMPRESS'.split(' ');
const EXPLAIN_OPTIONS = ['ANALYZE', 'FORMAT'];
const SECRET_OPTIONS = 'TYPE PROVIDER SCOPE KEY_ID SECRET REGION ENDPOINT SESSION_TOKEN URL_STYLE USE_SSL CHAIN'.split(' ');

/** Options in the brackets of a statement, by the rules of DuckDB's grammar around them. */
export function optionNames(rules: readonly string[]): readonly string[] {
  if (rules.includes('AttachStatement')) return ATTACH_OPTIONS;
  if (rules.includes('ExplainStatement') && !rules.includes('CopyStatement')) return EXPLAIN_OPTIONS;
  return rules.includes('CreateSecretStmt') ? SECRET_OPTIONS : COPY_OPTIONS;
}

export const SAMPLE_METHODS: readonly string[] = ['reservoir', 'bernoulli', 'system'];
