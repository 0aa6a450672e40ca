/** The real gh through the daemon at its limits: the largest bodies, and as many commands as a busy machine has. */
import { join } from "node:path";
import { createMachine } from "../../scripts/stack/machine.ts";
import { startGitHub } from "../github-emulator/index.ts";
import { carry } from "../support/large-bodies.ts";
import { settingsFor, viaStatus } from "../support/via-machine.ts";
import { hasRealGh } from "./support/real-gh.ts";
import { trial } from "./support/trial.ts";

const realGh = process.env.OCTOPOOL_GH_PATH ?? "";
const MiB = 1024 * 1024;
const options = { skip: !hasRealGh, timeout: 240_000 };

trial(
  "the read path holds",
  "1 GiB down and 100 MiB up through the daemon",
  async (tries) => {
    const { down, up } = await carry(realGh, { download: 1024 * MiB, upload: 100 * MiB });
    const mib = (bytes: number) => `${Math.round(bytes / MiB)} MiB`;
    tries.holds("the download is whole", down.whole && down.requests === 1, "wrong");
    tries.holds("the upload is whole", up.whole && up.requests === 1, "wrong");
    tries.holds("a download is not held", down.grown < 128 * MiB, "lost", `the daemon grew by ${mib(down.grown)}`);
    tries.holds("an upload is not held", up.grown < 64 * MiB, "lost", `the daemon grew by ${mib(up.grown)}`);
  },
  options,
);

trial(
  "the read path holds",
  "200 gh at once through one daemon",
  async (tries) => {
    const machine = await createMachine("many", { OCTOPOOL_GH_PATH: realGh });
    const socket = join(machine.directory, "github.sock");
    const token = "token-of-many";
    const issues = [{ number: 1, title: "First", author: "ada" }];
    const world = {
      users: [{ login: "ada" }],
      tokens: [{ token, login: "ada" }],
      repositories: [{ name: "ada/secret", private: true, issues }],
    };
    const github = await startGitHub({ socket, world });
    try {
      await settingsFor(machine, socket, token);
      const args = ["issue", "view", "1", "-R", "ada/secret", "--json", "title,projectItems"];
      const expected = await machine.gh(args, { OCTOPOOL_NO_VIA: "1" });
      const text = new TextDecoder().decode(expected.stdout);
      github.control.resetCalls();
      const all = await Promise.all(Array.from({ length: 200 }, () => machine.gh(args)));
      const right = all.filter(({ stdout, exitCode }) => exitCode === 0 && new TextDecoder().decode(stdout) === text);
      tries.holds("all have gh's answer", text !== "" && right.length === 200, "lost", `${right.length} of 200`);
      const { via } = await viaStatus(machine);
      tries.holds("all went through the daemon", via.commands === 200, "lost", `${via.commands} of 200`);
      const asked = github.control.calls.length;
      tries.holds("GitHub was asked less than by 200 gh", asked < via.requests, "lost", `${asked} of ${via.requests}`);
    } finally {
      await machine.close();
      await github.close();
    }
  },
  options,
);
