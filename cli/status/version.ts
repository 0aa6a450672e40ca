/** `octopool version`. */
import { version } from "../../shared/version.ts";
import type { CommandContext } from "../command.ts";
import { printJson } from "../output/json.ts";

export async function showVersion({ io, input }: CommandContext): Promise<undefined> {
  const { node } = process.versions;
  if (input.flag("json"))
    return printJson(io.stdout, { version, node, platform: process.platform, arch: process.arch }).then(
      () => undefined,
    );
  await io.stdout.write(`octopool ${version} (Node ${node}, ${process.platform} ${process.arch})\n`);
}
