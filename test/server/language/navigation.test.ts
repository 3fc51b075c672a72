import { describe, expect, it } from 'vitest';
import { findDefinition } from '../../../server/language/definition.ts';
import { hover } from '../../../server/language/hover.ts';
import { findReferences } from '../../../server/language/references.ts';
import { rename } from '../../../server/language/rename.ts';
import { signatureHelp } from '../../../server/language/signatureHelp.ts';
import { markedDocument } from '../../support/languageCatalog.ts';

/** Expects the text with the definition between `«»`. */
async function checkDefinition(marked: string, expected: string | undefined): Promise<void> {
  const { document, text, offset } = await markedDocument(marked);
  const found = findDefinition(document, offset);
  expect(found && `${text.slice(0, found.start)}«${text.slice(found.start, found.end)}»${text.slice(found.end)}`).toBe(expected);
}

/** Expects the number of places, all of which have the same text. */
async function checkReferences(marked: string, expected: number): Promise<void> {
  const { document, text, offset } = await markedDocument(marked);
  const found = findReferences(document, offset, true);
  expect(found.map(({ start, end }) => text.slice(start, end).toLowerCase().replaceAll('"', ''))).toHaveLength(expected);
}

/** Expects the text after the rename to `new`, or a refusal that contains the words behind `!`. */
async function checkRename(marked: string, expected: string, newName = 'new'): Promise<void> {
  const { document, parts, text, offset } = await markedDocument(marked);
  const renaming = rename(document, parts, offset, newName);
  if ('refusal' in renaming) {
    expect(`!${renaming.refusal}`).toContain(expected);
    return;
  }
  let edited = text;
  for (const edit of [...renaming.edits].reverse()) edited = edited.slice(0, edit.start) + edit.text + edited.slice(edit.end);
  expect(edited).toBe(expected);
}

async function checkHover(marked: string, ...expected: readonly string[]): Promise<void> {
  const { document, offset } = await markedDocument(marked);
  for (const text of expected) expect(hover(document, offset)?.markdown ?? 'nothing').toContain(text);
}

describe('definition', () => {
  it.each([
    ['with t as (select 1 as a) select /*|*/a from t', 'with t as (select 1 as «a») select a from t'],
    ['with t as (select 1 as a) select a from /*|*/t', 'with «t» as (select 1 as a) select a from t'],
    ['with t(k) as (select 1) select /*|*/k from t', 'with t(«k») as (select 1) select k from t'],
    ['select /*|*/o.total from orders o', 'select o.total from orders «o»'],
    ['select o.t/*|*/otal from orders o', undefined],
    ['with t as (select total from orders) select t.tot/*|*/al from t', 'with t as (select «total» from orders) select t.total from t'],
    [
      'with t as (select id as k from orders), u as (select * from t) select k/*|*/ from u',
      'with t as (select id as «k» from orders), u as (select * from t) select k from u',
    ],
    ['create table n (k integer); select k/*|*/ from n', 'create table n («k» integer); select k from n'],
    ['create table n (k integer); select k from n/*|*/', 'create table «n» (k integer); select k from n'],
    ['create table n as select 1 as k%%select k/*|*/ from n', 'create table n as select 1 as «k»\nselect k from n'],
    ['select total as d from orders order by d/*|*/', 'select total as «d» from orders order by d'],
    [
      'select list_transform(tags, lambda one: one/*|*/ + 1) from customers',
      'select list_transform(tags, lambda «one»: one + 1) from customers',
    ],
    ['create macro twice(a) as a * 2; select twice/*|*/(1)', 'create macro «twice»(a) as a * 2; select twice(1)'],
    ['create macro twice(a) as a/*|*/ * 2', 'create macro twice(«a») as a * 2'],
    [
      'select sum(total) over w/*|*/ from orders window w as (order by id)',
      'select sum(total) over w from orders window «w» as (order by id)',
    ],
    ['select nothing/*|*/ from orders', undefined],
  ])('%s', checkDefinition);
});

describe('references', () => {
  it.each([
    ['with t/*|*/ as (select 1 as a) select t.a from t where t.a in (select a from t)', 5],
    ['select o.id from orders o/*|*/ where o.total > (select max(o.id) from items o)', 3],
    ['with t as (select 1 as a/*|*/) select a, t.a from t order by t.a', 4],
    ['select total/*|*/, o.total from orders o where total > 1; update orders set total = 2', 4],
    ['create table n (k integer)%%insert into n/*|*/ (k) values (1)%%select n.k from n', 4],
    ['create table n (k/*|*/ integer)%%insert into n (k) values (1)%%select n.k from n', 3],
  ])('%s', checkReferences);
});

describe('rename', () => {
  it.each([
    [
      'with t/*|*/ as (select 1 as a) select t.a from t join t u on true',
      'with new as (select 1 as a) select new.a from new join new u on true',
    ],
    [
      'select o.id from orders o/*|*/ where o.total > (select max(o.id) from items o)',
      'select new.id from orders new where new.total > (select max(o.id) from items o)',
    ],
    [
      'with t as (select 1 as a/*|*/) select a + 1 as b from t where a > 0',
      'with t as (select 1 as new) select new + 1 as b from t where new > 0',
    ],
    ['with t as (select 1 as a/*|*/) select a from t', 'with t as (select 1 as new) select new as a from t'],
    [
      'with t as (select total from orders) select t.tot/*|*/al + 1 from t',
      'with t as (select total as new from orders) select t.new + 1 from t',
    ],
    ['select total as d/*|*/ from orders order by d', 'select total as new from orders order by new'],
    ['with t(a/*|*/) as (select 1) select max(a) from t', 'with t(new) as (select 1) select max(new) from t'],
    [
      'create table n/*|*/ (k integer)%%insert into n values (1)%%select n.k from n',
      'create table new (k integer)\ninsert into new values (1)\nselect new.k from new',
    ],
    ['create table n (k/*|*/ integer)%%select max(k) from n', 'create table n (new integer)\nselect max(new) from n'],
    ['select list_transform(tags, lambda a/*|*/: a + 1) from customers', 'select list_transform(tags, lambda new: new + 1) from customers'],
    [
      'select 1 from orders where total in (select a/*|*/ from (select 1 as a))',
      'select 1 from orders where total in (select new from (select 1 as new))',
    ],
  ])('%s', (marked, expected) => checkRename(marked, expected));

  it('rewrites both sides of a join by name', () =>
    checkRename(
      'with t as (select 1 as a/*|*/), u as (select 1 as a) select 1 from t join u using (a)',
      'with t as (select 1 as new), u as (select 1 as new) select 1 from t join u using (new)',
    ));

  it('quotes names that need it', () => checkRename('select o.id from orders o/*|*/', 'select "group".id from orders "group"', 'group'));

  it.each([
    ['select tot/*|*/al from orders', '!This is a column of the database'],
    ['select * from ord/*|*/ers', '!This is a table of the database'],
    ['select up/*|*/per(name) from customers', '!This is a function of the database'],
    ['sel/*|*/ect 1', '!There is no name here'],
    ['with t/*|*/ as (select 1), new as (select 2) select * from t, new', '!'],
    ['select o.id, new.id from orders o/*|*/, items new', '!'],
    ['select o.id, (select max(new.id) from items new where new.id = o.id) from orders o/*|*/', '!After that'],
    ['select total as a/*|*/, status as new from orders', '!There is a column new already.'],
    ['with t as (select 1 as id/*|*/) select total from t join orders using (id)', '!The column is joined by its name to a column of the'],
    ['create table n/*|*/ (k integer)', '!There is a table'],
  ])('%s is refused', (marked, expected) => checkRename(marked, expected, marked.startsWith('create') ? 'orders' : 'new'));
});

describe('hover', () => {
  it.each<[string, ...string[]]>([
    ['select tot/*|*/al from orders', 'total DOUBLE', 'Column of memory.main.orders'],
    ['select * from ord/*|*/ers', '**orders** · table in memory.main', 'about 3 rows', 'customer_id INTEGER'],
    ['select o/*|*/.id from orders o', 'Alias **o** of:', 'customer_id INTEGER'],
    ['with t as (select id as k from orders) select * from t/*|*/', 'common table expression', 'k INTEGER'],
    ['with t as (select count(*) as n from orders) select n/*|*/ from t', 'n BIGINT'],
    ['select up/*|*/per(name) from customers', 'upper(string VARCHAR) → VARCHAR', 'Converts to upper case.', "upper('a')"],
    ['select c.address.ci/*|*/ty from customers c', 'city VARCHAR'],
    ['select q/*|*/.k from (select 1 as k) q', 'subquery', 'k INTEGER'],
    ['create table n (k integer);%%select * from n/*|*/', 'table of this document', 'k integer'],
    ['create macro twice(a) as a * 2;%%select twice/*|*/(1)', 'twice(a)', 'Macro of this document'],
    ['select total * 2 as d from orders order by d/*|*/', 'Column alias of this SELECT'],
    ['sel/*|*/ect 1', 'nothing'],
  ])('%s', checkHover);
});

describe('signature help', () => {
  it.each([
    ['select upper(/*|*/', 'upper(string VARCHAR) → VARCHAR', 0],
    ["select date_trunc('day', /*|*/) from orders", 'date_trunc(part VARCHAR, timestamp DATE) → TIMESTAMP', 1],
    ["select date_trunc(upper('a'), sum(1), /*|*/", 'date_trunc(part VARCHAR, timestamp DATE) → TIMESTAMP', 2],
    ['create macro twice(a, b) as a * b; select twice(1, /*|*/)', 'twice(a, b)', 1],
    ["select * from read_csv('x.csv', /*|*/", 'read_csv(col0 VARCHAR, header BOOLEAN, delim VARCHAR)', 1],
    ['select (/*|*/', undefined, 0],
    ['select upper(name) /*|*/', undefined, 0],
    ['select upper( -- /*|*/', undefined, 0],
    ['select 1 where 1 in (/*|*/', undefined, 0],
  ])('%s', async (marked, label, parameter) => {
    const { document, offset } = await markedDocument(marked);
    const answer = signatureHelp(document, offset);
    expect(answer?.signatures[answer.active]?.label).toBe(label);
    if (label !== undefined) expect(answer?.activeParameter).toBe(parameter);
  });
});
