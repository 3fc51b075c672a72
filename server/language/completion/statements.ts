import { COPY_OPTIONS } from '../keywords.ts';
import { optionValues } from '../stringValues.ts';
import { addOutputColumns } from './columns.ts';
import { addNamedArguments, addTableFunctions } from './functions.ts';
import { addPragmas, addSettings } from './objects.ts';
import type { CompletionPlace } from './place.ts';
import { addSchemas, addTables } from './tables.ts';
import { FILE_FUNCTION } from './texts.ts';

export function addForStatement(place: CompletionPlace, last: string, second: string): boolean {
  const { statement, before, call } = place.context;
  const kind = statement?.kind;
  if ((kind === 'set' || kind === 'reset') && (last === kind || ['global', 'session', 'local'].includes(last))) {
    addSettings(place);
    if (last === kind) place.items.keywords(['GLOBAL', 'SESSION', 'LOCAL', 'VARIABLE'], 60);
    return true;
  }
  if (kind === 'set' && before.length >= 2 && before.at(-1) === 'set') {
    if (last !== '=' && last !== 'to') place.items.keywords(['='], 10);
    return true;
  }
  if (kind === 'pragma' && last === 'pragma') {
    addPragmas(place);
    return true;
  }
  if (kind === 'show' && last === 'show') {
    addTables(place);
    place.items.keywords(['ALL TABLES'], 11);
    place.items.values(['tables', 'databases', 'schemas', 'variables'], 'list');
    return true;
  }
  if (kind === 'use' && last === 'use') {
    addSchemas(place, []);
    return true;
  }
  if (kind === 'call' && last === 'call') {
    addTableFunctions(place);
    return true;
  }
  if (kind === 'copy' && call?.name === '' && before.some((word) => word === 'to' || word === 'from')) {
    if (last === '(' || last === ',') place.items.options(COPY_OPTIONS);
    for (const value of optionValues(last) ?? []) place.items.add({ label: value, kind: 'variable', insert: value, rank: 10 });
    return true;
  }
  if (kind === 'alter' && place.context.block && (last === 'column' || (last === 'drop' && before.length > 1))) {
    if (second !== 'add') addOutputColumns(place, place.context.block);
    return true;
  }
  if (
    last === 'create' ||
    (last === 'replace' && second === 'or' && kind === 'create') ||
    ((last === 'temp' || last === 'temporary') && kind === 'create')
  ) {
    place.items.keywords(['TABLE', 'VIEW', 'MACRO', 'SCHEMA', 'INDEX', 'SEQUENCE', 'TYPE', 'TEMP', 'OR REPLACE'], 20);
    return true;
  }
  if (last === 'drop' || last === 'alter') {
    if (kind === last) place.items.keywords(['TABLE', 'VIEW', 'SCHEMA', 'MACRO', 'INDEX', 'SEQUENCE', 'TYPE'], 20);
    return kind === last;
  }
  if (last === 'insert') {
    place.items.keywords(['INTO', 'OR REPLACE INTO', 'OR IGNORE INTO'], 20);
    return true;
  }
  if (last === 'delete' && kind === 'delete') {
    place.items.keywords(['FROM'], 20);
    return true;
  }
  if ((last === 'group' || last === 'order' || last === 'partition') && kind !== 'create') {
    place.items.keywords(['BY'], 10);
    return true;
  }
  if (
    ['left', 'right', 'full', 'inner', 'cross', 'natural', 'asof', 'positional', 'semi', 'anti'].includes(last) &&
    place.context.clause === 'from'
  ) {
    place.items.keywords(['JOIN', 'OUTER JOIN'], 10);
    return true;
  }
  if (call && FILE_FUNCTION.test(call.name) && call.argument > 0 && (last === ',' || last === '(')) {
    addNamedArguments(place, call.name, call.named);
    return true;
  }
  return false;
}
