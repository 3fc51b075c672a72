import type { RowFormat } from '../text/rowWriter.ts';

export type OutputFormat = 'box' | RowFormat;

export const OUTPUT_FORMATS: readonly OutputFormat[] = ['box', 'csv', 'tsv', 'json', 'jsonl', 'markdown'];

export function isFormat(text: string): text is OutputFormat {
  return (OUTPUT_FORMATS as readonly string[]).includes(text);
}
