/** Kinds of things that a database holds under a name. */
export type ObjectKind = 'table' | 'view' | 'macro' | 'schema' | 'type' | 'sequence' | 'index' | 'database' | 'prepared' | 'extension';

/** What a statement that is no query expects at a place: names of things, columns of its table, or nothing that could be offered. */
export type ObjectPlace =
  | { readonly expects: 'objects'; readonly kinds: readonly ObjectKind[] }
  | { readonly expects: 'columns'; readonly table: readonly string[] }
  | { readonly expects: 'nothing' };

const NAME = String.raw`([^ ()]+(?: \. [^ ()]+)*)`;

const DROPPED: Readonly<Record<string, readonly ObjectKind[]>> = {
  table: ['table'],
  view: ['view'],
  macro: ['macro'],
  'macro table': ['macro'],
  function: ['macro'],
  schema: ['schema'],
  type: ['type'],
  sequence: ['sequence'],
  index: ['index'],
};

const objects = (...kinds: ObjectKind[]): ObjectPlace => ({ expects: 'objects', kinds });

/** Patterns over the words of a statement before the cursor, in lower case and parted by single spaces. */
const PLACES: readonly (readonly [pattern: RegExp, place: (match: RegExpExecArray) => ObjectPlace])[] = [
  [
    new RegExp(`^(?:drop|comment on) (${Object.keys(DROPPED).sort().reverse().join('|')})(?: if exists)?(?: ${NAME} ,)*$`),
    ([, kind = '']) => objects(...(DROPPED[kind] ?? [])),
  ],
  [/^alter (table|view|sequence|schema)(?: if exists)?$/, ([, kind = '']) => objects(kind as ObjectKind)],
  [
    new RegExp(`^alter table(?: if exists)? ${NAME} (?:rename(?: column)?|drop(?: column)?(?: if exists)?|alter(?: column)?)$`),
    ([, name = '']) => columns(name),
  ],
  [/^truncate(?: table)?$/, () => objects('table')],
  [/^(?:analyze|vacuum|vacuum analyze)$/, () => objects('table')],
  [new RegExp(`^(?:analyze|vacuum|vacuum analyze) ${NAME} \\((?: ${NAME} ,)*$`), ([, name = '']) => columns(name)],
  [new RegExp(`^create (?:unique )?index (?:if not exists )?(?:${NAME} )?on$`), () => objects('table')],
  [/ references$/, () => objects('table')],
  [new RegExp(` references ${NAME} \\((?: ${NAME} ,)*$`), ([, name = '']) => columns(name)],
  [/^(?:execute|deallocate|deallocate prepare)$/, () => objects('prepared')],
  [/^detach(?: database)?(?: if exists)?$/, () => objects('database')],
  [/^(?:load|install|force install)$/, () => objects('extension')],
  [/^(?:insert(?: or replace| or ignore)? into|update|delete from|merge into)$/, () => objects('table')],
  [/^(?:attach|attach database|attach if not exists|export database|import database)$/, () => ({ expects: 'nothing' })],
  [/^(?:begin|commit|rollback|checkpoint|grant)$/, () => ({ expects: 'nothing' })],
  [/ (?:limit|offset)$/, () => ({ expects: 'nothing' })],
];

/** The place behind words of a statement, from its first one on; undefined where an expression, a query or a keyword is expected. */
export function objectPlace(words: readonly string[]): ObjectPlace | undefined {
  const text = words.join(' ');
  for (const [pattern, place] of PLACES) {
    const match = pattern.exec(text);
    if (match) return place(match);
  }
  return undefined;
}

function columns(name: string): ObjectPlace {
  return { expects: 'columns', table: name.split(' . ').map((part) => part.replaceAll(/^"|"$/g, '').replaceAll('""', '"')) };
}
