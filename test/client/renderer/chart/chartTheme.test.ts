import { expect, it } from 'vitest';
import { parseRgb, seriesColors } from '../../../../client/renderer/chart/chartTheme.ts';

it('reads colours as browsers write them', () => {
  expect(parseRgb('rgb(1, 2, 3)')).toEqual([1, 2, 3]);
  expect(parseRgb('rgba(1, 2, 3, 0.5)')).toEqual([1, 2, 3]);
  expect(parseRgb('color(srgb 1 0.5 0)')).toEqual([255, 127.5, 0]);
  expect(parseRgb('#0a10ff')).toEqual([10, 16, 255]);
  expect(parseRgb('oklch(1 2 3)')).toBeUndefined();
});

it('has a colour for each of ten series, and a quiet one for the others', () => {
  const colors = seriesColors(
    ['rgb(0, 0, 255)', 'rgb(255, 0, 0)', 'rgb(0, 255, 0)', 'rgb(9, 9, 9)', 'rgb(1, 1, 1)', 'rgb(2, 2, 2)'],
    'rgb(0, 0, 0)',
    'rgb(255, 255, 255)',
  );
  expect(new Set(colors).size).toBe(11);
  expect(colors[6]).toBe('#8080ff');
  expect(colors.at(-1)).toBe('#808080');
});
