/**
 * Scripts named gh that lead back to us. Another tool's `gh` may run the next gh on PATH, which is ours, which runs the
 * next one, which is the tool's. So a script that we run carries a line for each time that we did: our process id and
 * its path. The sh shim writes and reads the same variable.
 */

/** Lines of `process id, blank, path`. */
export const loopVariable = "OCTOPOOL_LOOP";

/** How often one script may run us again from other processes: an extension of gh's may well call `gh`. */
export const deepestLoop = 5;

type Env = Readonly<Record<string, string | undefined>>;

/** Whether running `path` has led here before: in this very process, or too often. */
export function leadsBack(path: string, env: Env, pid: number): boolean {
  const lines = (env[loopVariable] ?? "").split("\n");
  const times = lines.filter((line) => line.replace(/^\d+ /, "") === path).length;
  return lines.includes(`${pid} ${path}`) || times >= deepestLoop;
}

/** The environment for a script that is run from process `pid`. */
export function noteScript(path: string, env: Env, pid: number): Record<string, string | undefined> {
  return { ...env, [loopVariable]: `${env[loopVariable] ?? ""}${pid} ${path}\n` };
}
