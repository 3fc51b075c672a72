/** Type of a cell output whose JSON is a `SavedOutput`. */
export const SAVED_MIME = 'application/vnd.kodiak.saved+json';

/** What another program had stored in a notebook as the output of a cell: nothing that Kodiak ran. */
export interface SavedOutput {
  /** The file that it was stored in. */
  readonly origin: string;
  /** When the cell had run, as ISO 8601, where the file tells it. */
  readonly savedAt?: string;
  readonly table?: SavedTable;
  /** Messages, or an output that is no table. */
  readonly text?: string;
}

export interface SavedTable {
  readonly columns: readonly string[];
  /** The first rows that were stored; NULL is `null`. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** Rows that were stored. */
  readonly rowCount: number;
}
