export type ChartMark = 'line' | 'area' | 'bar' | 'scatter' | 'histogram' | 'heatmap' | 'box' | 'pie';

export const CHART_MARKS: readonly ChartMark[] = ['line', 'area', 'bar', 'scatter', 'histogram', 'heatmap', 'box', 'pie'];

/** `none` draws the rows as they are; `count` without a column counts rows. */
export type ChartAggregate = 'none' | 'count' | 'sum' | 'avg' | 'min' | 'max' | 'median';

export const CHART_AGGREGATES: readonly ChartAggregate[] = ['none', 'count', 'sum', 'avg', 'min', 'max', 'median'];

/** A stretch of time; weeks begin on Monday. */
export type ChartUnit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';

export const CHART_UNITS: readonly ChartUnit[] = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'];

/** Lines, areas or bars of columns that one chart can have. */
export const MAX_CHART_COLUMNS = 8;

/** What to draw of a result. Columns are given by index. */
export interface WireChartSpec {
  readonly mark: ChartMark;
  readonly x?: number;
  /** Several are a line, area or bar each. */
  readonly y?: readonly number[];
  /** Of a heatmap: the number that is summed up in each place. */
  readonly color?: number;
  /** A panel for each value. */
  readonly facet?: number;
  readonly aggregate: ChartAggregate;
  /** Default: the finest that can be read. */
  readonly unit?: ChartUnit;
  /** Into how many bins numbers are put, about; default: by mark. */
  readonly bins?: number;
}

export interface ChartResultParams {
  /** Of a result, or of one of its views for the rows of that view. */
  readonly resultId: string;
  readonly spec: WireChartSpec;
  /** Names the work for `cancelQuery`. */
  readonly runId?: string;
}

export interface WireChartAxis {
  /** As text, whatever a column is called. */
  readonly title: string;
  /** Times are milliseconds since 1970 in UTC, times of day since midnight. */
  readonly kind: 'number' | 'time' | 'clock' | 'category';
  /** The categories in the order in which they are drawn; rows hold an index. NULL is null. Long texts are cut. */
  readonly labels?: readonly (string | null)[];
  /** The index `labels.length` stands for all other categories. */
  readonly hasOther?: boolean;
  /** Each value begins such a stretch of time. */
  readonly unit?: ChartUnit;
}

export type ChartChannel = 'facet' | 'color' | 'x' | 'y' | 'value';

/** `x2` and `y2` end a bin; `exact` is the text of a `y` that no double holds; the five numbers of a box stand beside its `x`. */
export type ChartField = ChartChannel | 'x2' | 'y2' | 'low' | 'q1' | 'median' | 'q3' | 'high' | 'exact';

/** What is to be drawn: at most a few thousand marks, whatever the size of the result. */
export interface WireChartDrawing {
  readonly kind: 'drawn';
  readonly mark: ChartMark;
  readonly axes: Readonly<Partial<Record<ChartChannel, WireChartAxis>>>;
  readonly fields: readonly ChartField[];
  readonly rows: readonly (readonly (number | string | null)[])[];
  /** What was left out, put together or estimated, a sentence each. */
  readonly notes: readonly string[];
  /** Rows that it is a chart of. */
  readonly rowCount: number;
}

/** Why a chart would say nothing or something false, and what to draw in its place. */
export interface WireChartRefusal {
  readonly kind: 'refused';
  readonly reason: string;
  readonly instead?: WireChartSpec;
}

export type WireChart = WireChartDrawing | WireChartRefusal;

/** Attributes of a cell that say what its chart is: `-- %% Daily chart=line x=day y=total color=region agg=sum`. */
export const CHART_ATTRIBUTES: readonly string[] = [
  'chart',
  'x',
  'y',
  ...Array.from({ length: MAX_CHART_COLUMNS - 1 }, (_, index) => `y${index + 2}`),
  'color',
  'facet',
  'agg',
  'unit',
  'bins',
];

/** A chart as text: columns by name, as in a cell's attributes. */
export type ChartAttributes = Readonly<Record<string, string>>;

/** Files that a drawn chart can be written to: a picture, or the specification with its data. */
export type ChartFileFormat = 'png' | 'svg' | 'vegalite';
