import { expect, it } from 'vitest';
import { dependentCells, variablesOf } from '../../../client/notebook/dependentCells.ts';

it('finds what reads a variable, by way of other variables and named results too', () => {
  const cells = [
    { text: "set variable region = 'north'; set variable top = 3" },
    { text: 'select * from orders where region = $Region', resultName: 'Daily' },
    { text: "select '$region', $$ $region $$ -- $region" },
    { text: 'select count(*) from daily' },
    { text: "set variable most = (select max(x) from t where r = getvariable('REGION'))" },
    { text: 'select $most' },
    { text: 'select * from t limit $top' },
    { text: 'prepare p as select $region' },
  ];
  expect(dependentCells(cells, ['REGION'])).toEqual([1, 3, 4, 5]);
  expect(dependentCells(cells, ['top'])).toEqual([6]);
  expect(dependentCells(cells, ['nothing'])).toEqual([]);
  expect(variablesOf(cells[4]?.text ?? '')).toEqual({ read: new Set(['region']), set: new Set(['most']) });
});
