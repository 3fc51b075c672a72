/** Words parted by single spaces, as a set. */
export const set = (list: string): ReadonlySet<string> => new Set(list.split(' '));
/** Words that begin a query. */
export const QUERY_STARTS = set('select with from values pivot unpivot pivot_wider pivot_longer table describe summarize show');
/** Words that begin a statement. */
export const STATEMENT_STARTS = set(
  'select with from values pivot unpivot insert update delete merge create drop alter copy attach detach use set reset pragma call explain describe summarize show truncate begin commit rollback export import install load vacuum checkpoint analyze prepare execute comment',
);
/** Words that end an expression or a list wherever they stand. */
export const STOPS = set('select with create from where group having window qualify order limit offset union intersect except returning');
export const SET_OPERATIONS = set('union intersect except');
/** Words of a join before its source. */
export const JOIN_WORDS = set('join inner left right full cross natural asof positional semi anti outer');
/** Functions that take the name of a sequence as text. */
export const SEQUENCE_CALLS = set('nextval currval');
/** Brackets inside of one another that are descended into; deeper ones are stepped over. */
export const MAX_DEPTH = 150;
