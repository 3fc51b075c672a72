import type { KnownRelation, Lookup } from '../../engine/sql/resolveNames.ts';

/** Cuts the cursor written as a comment with a bar out of a text. */
export function cursor(marked: string): { text: string; offset: number } {
  const offset = marked.indexOf('/*|*/');
  return offset < 0 ? { text: marked, offset: marked.length } : { text: marked.slice(0, offset) + marked.slice(offset + 5), offset };
}

const TABLES: Readonly<Record<string, string>> = {
  orders: 'id INTEGER, customer_id INTEGER, total DOUBLE, status VARCHAR',
  customers: 'id INTEGER, name VARCHAR, address STRUCT(city VARCHAR; zip VARCHAR)',
  x: 'a INTEGER, b INTEGER, c INTEGER',
};

/** A small database: orders, customers and x. */
export function lookupOf(): Lookup {
  const relations = Object.entries(TABLES).map(([name, columns]): KnownRelation => {
    const typed = columns.split(', ').map((column) => {
      const [columnName = '', ...type] = column.split(' ');
      return { name: columnName, type: type.join(' ').replace(';', ',') };
    });
    return { database: 'memory', schema: 'main', name, columns: typed };
  });
  return {
    relation: (parts) => relations.find(({ name }) => name === parts.at(-1)?.toLowerCase()),
    file: () => undefined,
    tableFunction: () => undefined,
    returnType: () => undefined,
  };
}
