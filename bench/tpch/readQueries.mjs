import { readFileSync } from 'node:fs';

/** SQL that makes the tables. */
export const SCHEMA = readFileSync(new URL('schema.sql', import.meta.url), 'utf8');

/** Queries by the name in the comment above each. */
export const QUERIES = Object.fromEntries(
  readFileSync(new URL('queries.sql', import.meta.url), 'utf8')
    .split(/^-- /m)
    .slice(1)
    .map((piece) => {
      const [name, ...lines] = piece.split('\n');
      return [name, lines.join('\n').trim().replace(/;$/, '')];
    }),
);
