/** What a bench is and gives. */

/** Figures by name; null for one that cannot be measured on this machine. */
export type Figures = Readonly<Record<string, number | null>>;

/** What every bench module exports. Progress and explanations go to `say`. */
export interface BenchModule {
  readonly run: (options: { readonly say: (line: string) => void }) => Promise<Figures>;
}
