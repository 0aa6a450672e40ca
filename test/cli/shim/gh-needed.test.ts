import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ghNeeded } from "../../../cli/shim/gh-needed.ts";
import { OctopoolError } from "../../../shared/errors.ts";
import { usualPlaces } from "../../../shared/find-gh.ts";
import { newHome } from "../support/octopool.ts";
import { failure, on, startScriptedRelay } from "../support/relay.ts";

const missing = new OctopoolError("real_gh_not_found", "None.", { hint: "Install it." });

describe("without a real gh the reason why it was needed comes first", () => {
  test.each([
    [{ reason: "repo_not_public" }, /^Octopool does not answer this: the repository is not public, or does not exist/],
    [{ reason: "not logged in" }, /: you are not logged in to a relay/],
    [
      { reason: "https://relay.test cannot be reached: refused." },
      /: https:\/\/relay.test cannot be reached: refused\. Your own gh/,
    ],
    [{ reason: "markdown on a terminal" }, /: Octopool does not render Markdown on a terminal/],
    [{ reason: "a\u001b[2Jb\nc" }, /: a \[2Jb c\. Your own gh/],
    [{ args: ["pr", "merge"], write: true }, /: it may change something on GitHub\. Your own gh would run it/],
    [{ args: ["auth", "status"] }, /: only gh has this command\. /],
    [
      { args: ["pr", "lst"], write: true },
      /: Octopool does not know this command: .* did you mean `gh pr list`\? Your own gh would run it/,
    ],
    [{ args: ["constructor"], write: true }, /: Octopool does not know this command: .* mistake\. Your/],
  ])("%o", async (why, message) => {
    expect(await ghNeeded(missing, { args: [], ...why })).toMatchObject({
      code: "real_gh_not_found",
      exitCode: 127,
      message: expect.stringMatching(message),
      hint: "Install it.",
    });
  });

  const elsewhere = usualPlaces.find((path) => existsSync(path));
  test.skipIf(elsewhere !== undefined)(
    "of a command: not logged in, a refused repository, an unknown pool, a write",
    async () => {
      const home = newHome({ GH_TOKEN: "" });
      const read = ["gh", "api", "repos/acme/tool/issues/7"];
      expect(await home.run(...read)).toMatchObject({
        exitCode: 127,
        stderr: expect.stringContaining("not logged in"),
      });
      expect(await home.run("gh", "pr", "merge", "7")).toMatchObject({
        exitCode: 127,
        stderr: expect.stringContaining("may change something on GitHub"),
      });
      const relay = await startScriptedRelay(
        on("POST", "/v1/github/request", ({ body }) =>
          JSON.stringify(body).includes('"nope"')
            ? failure(401, "invalid_auth", "Unknown token.")
            : failure(424, "fallback_local", "Not public.", { reason: "repo_not_public" }),
        ),
      );
      await home.runWith({ GH_TOKEN: "ghp_personal" }, "login", relay.url);
      expect(await home.run(...read)).toMatchObject({
        exitCode: 127,
        stderr: expect.stringContaining("is not public"),
      });
      expect(await home.runWith({ OCTOPOOL_POOL: "nope" }, ...read)).toMatchObject({
        exitCode: 127,
        stderr: expect.stringContaining("was not made for this pool"),
      });
    },
  );
});
