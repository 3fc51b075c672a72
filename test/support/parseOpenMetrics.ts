/** One line of figures. */
export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface MetricFamily {
  readonly name: string;
  readonly type: string;
  readonly unit: string | undefined;
  readonly help: string | undefined;
  readonly samples: readonly MetricSample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
const NUMBER = '[+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]Inf|NaN';
const DESCRIPTOR = new RegExp(
  `^# (?:(TYPE) (${NAME}) (counter|gauge|histogram|gaugehistogram|stateset|info|summary|unknown)|(HELP) (${NAME}) ((?:[^"\\\\\\n]|\\\\[\\\\"n])*)|(UNIT) (${NAME}) ([a-zA-Z0-9_:]*))$`,
);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{((?:${LABEL}(?:,${LABEL})*)?)\\})? (${NUMBER})$`);

/** Endings of sample names by type; summaries have their quantiles without one. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total'],
  gauge: [''],
  stateset: [''],
  info: ['_info'],
  summary: ['', '_count', '_sum'],
};

/**
 * Reads the text format of OpenMetrics 1.0 (without time stamps and exemplars) as its grammar says, and throws at what it does not allow: families
 * that are not together, units that are not in the name, counters without `_total`, repeated series, a missing end.
 */
export function parseOpenMetrics(text: string): MetricFamily[] {
  if (!text.endsWith('\n# EOF\n')) throw new Error('The text does not end with # EOF.');
  const families: { name: string; type: string; unit?: string; help?: string; samples: MetricSample[] }[] = [];
  const series = new Set<string>();
  for (const line of text.slice(0, -'# EOF\n'.length).trimEnd().split('\n')) {
    let family = families.at(-1);
    const descriptor = DESCRIPTOR.exec(line);
    if (descriptor) {
      const name = descriptor[2] ?? descriptor[5] ?? descriptor[8] ?? '';
      if (family?.name !== name) {
        if (families.some((known) => known.name === name)) throw new Error(`${name} is in two places.`);
        family = { name, type: 'unknown', samples: [] };
        families.push(family);
      }
      if (family.samples.length > 0) throw new Error(`${line}: behind the figures.`);
      if (descriptor[1]) family.type = descriptor[3] ?? '';
      if (descriptor[4]) family.help = descriptor[6] ?? '';
      if (descriptor[7]) family.unit = descriptor[9] ?? '';
      if (family.unit && !name.endsWith(`_${family.unit}`)) throw new Error(`${name} does not end with its unit.`);
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (!sample || !family) throw new Error(`Not in the grammar: ${line}`);
    const [, name = '', labelText = '', value = ''] = sample;
    const { name: owner, type } = family;
    if (!SUFFIXES[type]?.some((suffix) => name === owner + suffix)) throw new Error(`${name} is no figure of ${owner}, a ${type}.`);
    const key = `${name}{${labelText}}`;
    if (series.has(key)) throw new Error(`${key} is there twice.`);
    series.add(key);
    const labels = Object.fromEntries(
      [...labelText.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', text = '']) => [
        label,
        text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char)),
      ]),
    );
    const number = value.endsWith('Inf') ? Number(`${value}inity`) : Number(value);
    if (['counter', 'stateset', 'info'].includes(type) && !(number >= 0)) throw new Error(`${line}: a ${type} is not below zero.`);
    if (type === 'stateset' && (labels[owner] === undefined || ![0, 1].includes(number))) throw new Error(`${line}: not a state.`);
    family.samples.push({ name, labels, value: number });
  }
  return families.map((family) => ({ unit: undefined, help: undefined, ...family }));
}
