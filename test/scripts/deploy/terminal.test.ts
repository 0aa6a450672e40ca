/** The guided deployment at a real pseudo-terminal, where answers are typed. */
import { spawn, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readConfiguration } from "../../../scripts/deploy/configuration.ts";
import { startRelay } from "../../../scripts/stack/relay.ts";
import { answers, type DeployWorld, makeWorld, root } from "./world.ts";

vi.setConfig({ testTimeout: 300_000 });

let world: DeployWorld;
beforeEach(async () => {
  world = await makeWorld();
});
afterEach(() => world.remove());

interface Session {
  /** Types the answer when the question has appeared. */
  answer(question: string, typed: string): Promise<void>;
  /** The text on the terminal, once the deployment has ended. */
  end(): Promise<{ shown: string; exitCode: number | null }>;
}

const script = "/usr/bin/script";

/** util-linux's `script` makes the pseudo-terminal; `stty` afterwards tells whether it was left as it was. */
function session(env: Readonly<Record<string, string>> = {}): Session {
  const command = `"${process.execPath}" "${join(root, "scripts/deploy.ts")}" --config "${world.config}"; code=$?; stty -a | grep -o ' -*echo ' ; exit $code`;
  const child = spawn(script, ["--quiet", "--return", "--echo", "always", "--command", command, "/dev/null"], {
    env: { ...world.env, TERM: "xterm", ...env },
  });
  let shown = "";
  let read = 0;
  const arrived = new EventTarget();
  child.stdout.on("data", (chunk) => {
    shown += chunk;
    arrived.dispatchEvent(new Event("more"));
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  return {
    answer: async (question, typed) => {
      while (!shown.includes(question, read))
        await new Promise((resolve) => arrived.addEventListener("more", resolve, { once: true }));
      read = shown.indexOf(question, read) + question.length;
      child.stdin.write(typed);
    },
    end: async () => ({ exitCode: await ended, shown }),
  };
}

const hasScript = spawnSync(script, ["--version"]).status === 0;

describe.skipIf(!hasScript)("at a terminal (skipped where util-linux's script is not)", () => {
  test("asks step by step, asks again after a wrong answer, hides secrets, and verifies the relay", async () => {
    const relay = await startRelay({ githubApi: "http://127.0.0.1:9", bindings: {} });
    const { answer, end } = session({ OCTOPOOL_E2E_HOST: relay.url });
    await answer("whose members may log in; Enter skips: ", "https://github.com/acme\r");
    await answer("is no GitHub organisation's name", "");
    await answer("whose members may log in; Enter skips: ", "acme\r");
    await answer("beside the organisation", "\r");
    await answer("own host name", "\r");
    await answer("R2 bucket", "n\r");
    await answer("client id", "\r");
    await answer("read:org", `${answers.OCTOPOOL_GITHUB_ORG_TOKEN}\r`);
    await answer("App's id", "\r");
    await answer("open its dashboard to you", "n\r");
    const { shown, exitCode } = await end();
    await relay.close();
    expect([exitCode, exitCode === 0 ? "" : shown]).toEqual([0, ""]);
    for (const step of ["[1/9] Cloudflare", "[2/9] Questions", "[7/9] Deploy", "[8/9] Smoke test", "all well"])
      expect(shown).toContain(step);
    expect(shown).not.toContain(answers.OCTOPOOL_GITHUB_ORG_TOKEN);
    expect(shown).not.toContain((await readFile(world.tokenFile, "utf8")).trim());
    const bulk = (await world.calls()).find(({ args }) => args[1] === "bulk");
    expect(JSON.parse(bulk?.input ?? "{}").OCTOPOOL_GITHUB_ORG_TOKEN).toBe(answers.OCTOPOOL_GITHUB_ORG_TOKEN);
    expect((await readConfiguration(world.config)).variable("ALLOWED_GITHUB_ORG")).toBe("acme");
    expect(shown).toMatch(/ echo /);
    // Wrangler may ask here itself: for a workers.dev name, or before it takes over a host name.
    const deployed = (await world.calls()).find(({ args }) => args[0] === "deploy" && !args.includes("--dry-run"));
    expect(deployed?.ci).toBe(false);
  });

  test("without an organisation it asks for logins until there is one", async () => {
    const { answer, end } = session();
    await answer("whose members may log in; Enter skips: ", "\r");
    await answer("or without one", "\r");
    await answer("no account may log in.", "mona:1\r");
    await answer("own host name", "\u0003");
    expect((await end()).exitCode).toBe(130);
    expect(await world.changes()).toEqual([]);
  });

  test.each([
    { key: "Ctrl-C", typed: "\u0003", steps: "bold", env: {} },
    { key: "Ctrl-D", typed: "\u0004", steps: "not bold with NO_COLOR", env: { NO_COLOR: "1" } },
  ])(
    "$key at a question ends it with nothing changed and the terminal as it was; its steps are $steps",
    async (row) => {
      const { typed, steps, env } = row;
      const { answer, end } = session(env);
      await answer("whose members may log in; Enter skips: ", "acme\r");
      await answer("beside the organisation", typed);
      const { shown, exitCode } = await end();
      expect(exitCode).toBe(130);
      expect(shown).toContain("nothing was changed. It is safe to run it again.");
      expect(shown).toMatch(/ echo /);
      expect(shown.includes("\u001b[1m[1/9]")).toBe(steps === "bold");
      expect(await world.changes()).toEqual([]);
    },
  );

  test("a user who is not logged in is logged in by wrangler, with the terminal", async () => {
    await world.set({ loggedIn: false });
    const { answer, end } = session();
    await answer("Successfully logged in.", "");
    await answer("whose members may log in; Enter skips: ", "\u0003");
    expect((await end()).exitCode).toBe(130);
    expect(await world.changes()).toEqual(["login"]);
  });
});
