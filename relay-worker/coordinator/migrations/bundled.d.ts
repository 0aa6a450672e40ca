/** Types of the module that `npm run migrations:pool` writes beside this file. */
declare const migrations: {
  readonly journal: {
    readonly entries: { readonly idx: number; readonly when: number; readonly tag: string; readonly breakpoints: boolean }[];
  };
  readonly migrations: Record<string, string>;
};
export default migrations;
