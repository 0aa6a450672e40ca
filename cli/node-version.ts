/** Checks the version of Node. Loaded first, by any Node: it uses no syntax that an old Node cannot read. */

/** The oldest Node that our libraries run on. */
export const oldestNode = "22.19.0";

/** One sentence for a Node that is too old; `undefined` when `running` is new enough. */
export function nodeProblem(running: string): string | undefined {
  const [have, need] = [numbers(running), numbers(oldestNode)];
  const differs = need.findIndex((number, index) => number !== have[index]);
  if (differs === -1 || (have[differs] || 0) > (need[differs] || 0)) return undefined;
  return `octopool needs Node ${oldestNode} or later; this is ${running}. Install a newer Node, or the single-file octopool.`;
}

function numbers(version: string): readonly number[] {
  return version.split(".").map((part) => Number.parseInt(part, 10));
}
