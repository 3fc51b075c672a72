import type { GraphEdge } from './requests.ts';

/** How a cell's output stands, for the eye. */
export type GraphCellState = 'neverRun' | 'running' | 'failed' | 'done' | 'fresh' | 'stale' | 'unknown';

export interface GraphPageCell {
  /** `cell 3` or its title. */
  readonly name: string;
  /** The beginning of its text. */
  readonly text: string;
  readonly state: GraphCellState;
  /** The state in words: `stale: main.orders was changed by a terminal`. */
  readonly detail: string;
}

export interface GraphPageEdge extends GraphEdge {
  /** True when the later cell uses what the earlier one made, false when they only keep their order. */
  readonly flow: boolean;
}

/** What the page of the dependency graph shows. */
export interface GraphPicture {
  readonly notebook: string;
  readonly cells: readonly GraphPageCell[];
  readonly edges: readonly GraphPageEdge[];
}

/** From the extension to the page. */
export interface GraphPageMessage {
  readonly type: 'graph';
  readonly picture: GraphPicture;
}

/** From the page to the extension. */
export type GraphPageRequest = { readonly type: 'ready' } | { readonly type: 'open'; readonly cell: number };
