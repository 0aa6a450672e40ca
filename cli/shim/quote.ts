/** Quotes any text as one word of sh. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
