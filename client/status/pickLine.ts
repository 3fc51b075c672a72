export interface PickLine {
  readonly label: string;
  readonly description?: string;
}

/** A line that is aligned with spaces, for a list in a proportional font: label and value apart, table columns with dots between. */
export function pickLine(line: string): PickLine {
  const [label = '', ...values] = line.trim().split(/ {2,}/);
  const [description] = values;
  if (values.length === 1 && description !== undefined && !/^\d/.test(label)) return { label, description };
  return { label: [label, ...values].join(' · ') };
}
