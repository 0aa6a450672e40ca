/** Bodies of any size between the real gh and GitHub through the daemon, for the quick suite and the fault lab alike. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createMachine } from "../../scripts/stack/machine.ts";
import { digestOfDownload, startStreamingGitHub } from "./streaming-github.ts";
import { digestOfOutput, mostMemory, settingsCopies, settingsFor, viaStatus } from "./via-machine.ts";

interface Carried {
  /** Whether every byte arrived, and gh ended well. */
  readonly whole: boolean;
  /** Requests that GitHub got. */
  readonly asked: number;
  /** Requests that passed through the daemon. */
  readonly requests: number;
  /** By how much the daemon's largest size grew, in bytes. */
  readonly grown: number;
}

/** A download by the installed script, then an upload by a gh with the same settings, of the sizes given in bytes. */
export async function carry(
  realGh: string,
  { download, upload }: { readonly download: number; readonly upload: number },
): Promise<{ readonly down: Carried; readonly up: Carried }> {
  const machine = await createMachine("large", { OCTOPOOL_GH_PATH: realGh });
  const socket = join(machine.directory, "github.sock");
  const github = await startStreamingGitHub(socket);
  try {
    await settingsFor(machine, socket, "token-of-large-bodies");
    const shim = join(machine.directory, "shim/gh");
    const get = (bytes: number) => digestOfOutput([shim, "api", `repos/a/b/download/${bytes}`], machine.env);
    await get(1);
    const before = await viaStatus(machine);
    const start = await mostMemory(before.pid);
    const got = await get(download);
    const between = await viaStatus(machine);
    const middle = await mostMemory(before.pid);
    const file = join(machine.directory, "upload");
    await writeFile(file, "first bytes");
    await truncate(file, upload);
    const [copy = ""] = await settingsCopies(machine);
    const path = "https://uploads.github.com/repos/a/b/releases/1/assets?name=x";
    const sent = await digestOfOutput([realGh, "api", "-X", "POST", path, "--input", file], {
      ...machine.env,
      GH_CONFIG_DIR: copy,
    });
    const after = await viaStatus(machine);
    const hash = createHash("sha256");
    await pipeline(createReadStream(file), hash);
    return {
      down: {
        whole: got.exitCode === 0 && got.bytes === download && got.sha256 === (await digestOfDownload(download)),
        requests: between.via.requests - before.via.requests,
        asked: github.read.filter((path) => path.endsWith(`/${download}`)).length,
        grown: middle - start,
      },
      up: {
        whole:
          sent.exitCode === 0 && github.uploaded?.bytes === upload && github.uploaded.sha256 === hash.digest("hex"),
        requests: after.via.requests - between.via.requests,
        asked: github.uploads,
        grown: (await mostMemory(before.pid)) - middle,
      },
    };
  } finally {
    await machine.close();
    await github.close();
  }
}
