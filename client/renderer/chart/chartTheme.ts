import type { Spec } from './vegaSpec.ts';

/** The colours and the font of VS Code's theme, as a chart needs them. */
export interface ChartTheme {
  readonly background: string;
  readonly text: string;
  readonly quietText: string;
  readonly line: string;
  readonly font: string;
  /** Of series, in their order. */
  readonly series: readonly string[];
  /** From little to much. */
  readonly ramp: readonly string[];
  readonly highContrast: boolean;
}

const SERIES = ['blue', 'orange', 'green', 'red', 'purple', 'yellow'] as const;
const FALLBACKS: Readonly<Record<(typeof SERIES)[number], string>> = {
  blue: '#3794ff',
  orange: '#d18616',
  green: '#89d185',
  red: '#f14c4c',
  purple: '#b180d7',
  yellow: '#cca700',
};

/** Colours as red, green, blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Reads the theme's variables where an element stands. */
export function readTheme(element: HTMLElement): ChartTheme {
  const style = getComputedStyle(element);
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  /** A variable's colour as the browser understands it, whatever notation the theme uses. */
  const color = (fallback: string, ...names: readonly string[]): string => {
    const value = names.map((name) => style.getPropertyValue(`--vscode-${name}`).trim()).find((text) => text !== '') ?? fallback;
    probe.style.color = '';
    probe.style.color = value;
    return rgbText(parseRgb(getComputedStyle(probe).color) ?? [128, 128, 128]);
  };
  const { classList } = document.body;
  const highContrast = classList.contains('vscode-high-contrast') || classList.contains('vscode-high-contrast-light');
  const background = color('#1e1e1e', 'editor-background');
  const text = color('#cccccc', 'foreground', 'editor-foreground');
  const series = SERIES.map((name) => color(FALLBACKS[name], `charts-${name}`));
  const theme: ChartTheme = {
    background,
    text,
    quietText: highContrast ? text : color(text, 'descriptionForeground'),
    line: highContrast ? color(text, 'contrastBorder') : rgbText(mixed(parseRgb(background), parseRgb(text), 0.18)),
    font: style.getPropertyValue('--vscode-font-family').trim() || 'sans-serif',
    series: seriesColors(series, background, text),
    ramp: [0.12, 0.35, 0.6, 0.85, 1].map((share) => rgbText(mixed(parseRgb(background), parseRgb(series[0] ?? text), share))),
    highContrast,
  };
  probe.remove();
  return theme;
}

/** The theme's own chart colours first, then the same nearer to the text, and the quiet one for all others. */
export function seriesColors(series: readonly string[], background: string, text: string): string[] {
  const second = series.map((color) => rgbText(mixed(parseRgb(color), parseRgb(text), 0.5)));
  return [...series, ...second.slice(0, 4), rgbText(mixed(parseRgb(background), parseRgb(text), 0.5))];
}

/** `rgb(1, 2, 3)`, `rgba(…)` and `color(srgb …)` as browsers write computed colours, and `#123abc` as it is written here. */
export function parseRgb(text: string): Rgb | undefined {
  const hex = /^#(..)(..)(..)$/.exec(text);
  if (hex) return [hex[1], hex[2], hex[3]].map((part) => Number.parseInt(part ?? '', 16)) as unknown as Rgb;
  const numbers = (text.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
  const [red, green, blue] = text.startsWith('color(') ? numbers.slice(0, 3).map((part) => part * 255) : numbers;
  if (red === undefined || green === undefined || blue === undefined || !/^(?:rgb|color\(srgb)/.test(text)) return undefined;
  return [red, green, blue];
}

function mixed(one: Rgb | undefined, other: Rgb | undefined, share: number): Rgb {
  const [from, to] = [one ?? [0, 0, 0], other ?? [255, 255, 255]];
  return [0, 1, 2].map((part) => (from[part] ?? 0) * (1 - share) + (to[part] ?? 0) * share) as unknown as Rgb;
}

function rgbText(color: Rgb): string {
  return `#${color
    .map((part) =>
      Math.max(0, Math.min(255, Math.round(part)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

/** Vega's configuration for a theme. */
export function chartConfig(theme: ChartTheme): Spec {
  const { background, text, quietText, line, font, series, ramp } = theme;
  const first = series[0] ?? text;
  const titles = {
    titleColor: text,
    labelColor: quietText,
    titleFont: font,
    labelFont: font,
    titleFontWeight: 'normal',
    labelFontSize: 11,
  };
  return {
    background,
    font,
    padding: 8,
    axis: { ...titles, titlePadding: 8, domainColor: line, tickColor: line, gridColor: line, gridOpacity: theme.highContrast ? 0.4 : 0.7 },
    axisX: { grid: false },
    legend: { ...titles, symbolLimit: 30, labelLimit: 160 },
    title: { color: text, font, fontWeight: 'normal' },
    view: { stroke: 'transparent' },
    text: { color: text, font },
    mark: { color: first, tooltip: { content: 'data' } },
    arc: { stroke: background },
    rule: { color: quietText },
    tick: { color: text },
    range: { category: series, ramp, heatmap: ramp, diverging: ramp, ordinal: ramp },
    ...(theme.highContrast && {
      bar: { stroke: text, strokeWidth: 1, fillOpacity: 0.8 },
      arc: { stroke: text },
      rect: { stroke: background },
    }),
  };
}
