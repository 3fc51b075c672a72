/** What a person chose about how rows are written. What is absent is as the format has it. */
export interface WriterOptions {
  /** Names of the columns above the rows, for the formats that can do without. */
  readonly headers: boolean;
  /** Stands for NULL. JSON and SQL write it their way. */
  readonly nullText?: string;
  readonly columnSeparator?: string;
  readonly rowSeparator?: string;
  /** Columns of `table` and `column` are at least this wide; a negative width puts values to the right. */
  readonly widths: readonly number[];
  /** The table that INSERT statements name, as SQL. */
  readonly table: string;
  /** Writes a name as SQL has it. */
  readonly quoteName: (name: string) => string;
}

export const DEFAULTS: WriterOptions = {
  headers: true,
  widths: [],
  table: '"table"',
  quoteName: (name) => `"${name.replaceAll('"', '""')}"`,
};
