import type { NotificationDescriptor, RequestDescriptor } from './requests.ts';

/** What kind of program uses a server: `program` stands for all others, such as `kodiak ps` and `kodiak run`. */
export type ClientKind = 'vscode' | 'editor' | 'terminal' | 'program';

export const CLIENT_KINDS: readonly ClientKind[] = ['vscode', 'editor', 'terminal', 'program'];

/** Who a program says it is. */
export interface ClientIdentity {
  readonly kind: ClientKind;
  /** Its process; 0 where it did not say. */
  readonly pid: number;
}

export interface AttachedClient extends ClientIdentity {
  readonly attachedMs: number;
  /** Sessions that it uses. */
  readonly sessions: number;
}

/** A server and all that use it now. */
export interface AttachedInfo {
  readonly pid: number;
  /** Kodiak's version. */
  readonly version: string;
  /** Path, or `:memory:`. */
  readonly database: string;
  readonly open: boolean;
  readonly readOnly: boolean;
  /** Who started it: an editor keeps its server as long as it runs itself, one of terminals ends with the last of them. */
  readonly host: 'vscode' | 'editor' | 'terminal';
  readonly upMs: number;
  /** Memory of the process. */
  readonly rssBytes: number;
  /** In the order in which they came. */
  readonly clients: readonly AttachedClient[];
}

/** Who uses the server. Opens nothing. */
export const readAttached: RequestDescriptor<null, AttachedInfo> = { method: 'kodiak/readAttached' };
/** Another program came or left; told to terminals. */
export const attachedChanged: NotificationDescriptor<{ readonly clients: readonly ClientIdentity[] }> = {
  method: 'kodiak/attachedChanged',
};

export interface HandOverResult {
  /** The server ends now; the database is free when the connection has closed. */
  readonly accepted: boolean;
  readonly pid: number;
  /** `a terminal's server`, `another VS Code window`. */
  readonly holder: string;
  /** Why not, as the end of a sentence. */
  readonly reason?: string;
}

/** Asks a server to leave its database to another one. Only one that terminals started does, and only where nothing is lost. */
export const handOver: RequestDescriptor<null, HandOverResult> = { method: 'kodiak/handOver' };
