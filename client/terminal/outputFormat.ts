import type { RowFormat } from './rowWriter.ts';

export type OutputFormat = 'box' | RowFormat;

export const OUTPUT_FORMATS: readonly OutputFormat[] = ['box', 'csv', 'json', 'jsonl', 'markdown'];

export function isFormat(text: string): text is OutputFormat {
  return (OUTPUT_FORMATS as readonly string[]).includes(text);
}
