/** Where the operator's token is kept on this machine: the one secret that is made here and needed here again. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

export function tokenFile(env: Readonly<Record<string, string | undefined>>): string {
  return join(env.XDG_CONFIG_HOME ?? join(env.HOME ?? homedir(), ".config"), "octopool", "operator-token");
}

/**
 * The token of that file, made first where there is none. One that is there is used again: the deployment that made it
 * may have ended half-way, and overwriting the token of another relay would lock its operator out.
 */
export async function keptToken(file: string, make: () => string): Promise<string> {
  const known = (await readFile(file, "utf8").catch(() => "")).trim();
  if (known !== "") return known;
  const token = make();
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // Readable by its owner only, from its first byte on.
  await writeFile(file, `${token}\n`, { mode: 0o600 });
  return token;
}
