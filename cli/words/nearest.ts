/** "Did you mean": the word that is the fewest typing mistakes away. */

/** Of `words`, those no more than two insertions, losses, changes or swaps of letters away, the nearest first. */
export function nearest(word: string, words: readonly string[]): readonly string[] {
  const most = Math.min(2, Math.floor(word.length / 2));
  return words
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .map(({ candidate }) => candidate);
}

/** Optimal string alignment: one for each insertion, loss, change, or swap of neighbours. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const at = (up: number, left: number) =>
        (left === 0 && up === 0 ? 0 : (up === 0 ? current : rows[row - up])?.[column - left]) ?? 0;
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      let best = Math.min(at(1, 0) + 1, at(0, 1) + 1, at(1, 1) + change);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        best = Math.min(best, at(2, 2) + 1);
      current.push(best);
    }
    rows.push(current);
  }
  return rows[a.length]?.[b.length] ?? 0;
}
