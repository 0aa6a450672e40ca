/** Units of figures, and how the pages write them. */
export const [second, minute, hour, day] = [1000, 60_000, 3600_000, 24 * 3600_000] as const;
export const [kib, mib] = [1024, 2 ** 20] as const;

/** `5,000`. */
export const grouped = (figure: number): string => figure.toLocaleString("en");

/** A page's text without its line breaks, which fall anywhere in a sentence. */
export const onOneLine = (text: string): string => text.replace(/\n */g, " ");
