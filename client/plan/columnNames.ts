import type { WireOperator } from '../../server/protocol/plan.ts';

/** DuckDB's own functions around a column that it makes smaller for a while. */
const COMPRESSED = /^__internal_(?:de)?compress_\w+\((.*?)(?:, -?\d+)?\)$/;
const REFERENCE = /#(\d+)/g;
const REFERRING = new Set(['Groups', 'Aggregates', 'Projections']);
/** A name that grows beyond this says no more than the reference did. */
const MAX_NAME = 200;

/**
 * DuckDB writes `#0` for the first column that comes in. Where what comes in is a projection or a grouping, the column's name is
 * written instead.
 */
export function nameColumns(operators: readonly WireOperator[]): WireOperator[] {
  const firstInput = new Map<number, number>();
  for (const [index, { parent }] of operators.entries()) if (parent !== undefined && !firstInput.has(parent)) firstInput.set(parent, index);
  const named = [...operators];
  const given: (readonly string[] | undefined)[] = [];
  // Inputs stand behind the operator that takes them.
  for (let index = operators.length - 1; index >= 0; index--) {
    const operator = operators[index];
    if (operator === undefined) continue;
    const incoming = given[firstInput.get(index) ?? -1];
    const isNamed = operator.kind === 'PROJECTION' || operator.kind.endsWith('GROUP_BY') || operator.kind.endsWith('AGGREGATE');
    const resolved = isNamed && incoming ? withNames(operator, incoming) : operator;
    named[index] = resolved;
    if (isNamed) given[index] = columnsOf(resolved);
  }
  return named;
}

function withNames(operator: WireOperator, incoming: readonly string[]): WireOperator {
  const details = operator.details.map(({ name, values }) => ({
    name,
    values: REFERRING.has(name) ? values.map((value) => value.replace(REFERENCE, (all, at) => incoming[Number(at)] ?? all)) : values,
  }));
  return { ...operator, details };
}

/** The names of the columns that an operator gives. A name that is none, or long, stays a reference for those above. */
function columnsOf({ details }: WireOperator): string[] {
  const columns = ['Groups', 'Aggregates', 'Projections'].flatMap((name) => details.find((detail) => detail.name === name)?.values ?? []);
  return columns.map((column, index) => {
    const plain = COMPRESSED.exec(column)?.[1] ?? column;
    return plain.length > MAX_NAME || /^…/.test(plain) ? `#${index}` : plain;
  });
}
