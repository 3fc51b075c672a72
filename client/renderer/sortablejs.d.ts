/** As much as we use of it: SlickGrid calls it. */
declare module 'sortablejs' {
  export const Sortable: object;
}
