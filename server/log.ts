/** Takes one line for the person who looks into the log. */
export type Log = (line: string) => void;
