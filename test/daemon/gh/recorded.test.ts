/** Real answers of api.github.com, from many years, through the commands that show them. */
import { describe, expect, test } from "vitest";
import { engine } from "../../../daemon/gh/index.ts";
import { issueFields } from "../../../daemon/gh/issue/fields.ts";
import { pullFields } from "../../../daemon/gh/pr/fields.ts";
import type { GitHubReader } from "../../../daemon/reader.ts";
import { recordedExchanges, recordedReader } from "./support/recorded.ts";

const exchanges = recordedExchanges();
const recorded = recordedReader(exchanges ?? []);
const decoder = new TextDecoder();

/** Runs a command, and tells every value that GitHub sent for it. */
async function run(args: readonly string[]) {
  const sent = new Set<string>();
  const reader: GitHubReader = {
    read: async (request) => {
      const answer = await recorded.read(request);
      for (const leaf of leaves(JSON.parse(decoder.decode(answer.body)))) sent.add(leaf).add(leaf.toUpperCase());
      return answer;
    },
  };
  const outcome = await engine(
    { args, cwd: "/", env: {}, tty: { stdin: false, stdout: false, stderr: false } },
    {
      reader,
      now: () => 0,
      git: async () => Promise.reject(new Error("no checkout")),
      ghVersion: async () => undefined,
      sleep: async () => {},
      signal: new AbortController().signal,
      emit: () => {},
    },
  );
  return { outcome, sent };
}

/** Every string and number in a value. */
function* leaves(value: unknown): Generator<string> {
  if (typeof value === "string" || typeof value === "number") yield String(value);
  else if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) yield* leaves(inner);
}

const threads = (exchanges ?? []).flatMap(({ path, status, body }) => {
  const match = /^\/repos\/([^/]+\/[^/]+)\/(pulls|issues)\/(\d+)$/.exec(path);
  return match && status === 200
    ? [{ path, repository: match[1] ?? "", kind: match[2] ?? "", number: match[3] ?? "", body }]
    : [];
});

describe.skipIf(exchanges === undefined)(
  "recorded answers (skipped: there is no ../shared/recorded-github here)",
  () => {
    test("there are pull requests and issues among them", () => {
      expect(new Set(threads.map(({ kind }) => kind))).toEqual(new Set(["pulls", "issues"]));
    });

    test.each(threads)("$path renders, each value traceable to GitHub's body", async ({ repository, kind, number }) => {
      const [command, fields] = kind === "pulls" ? ["pr", pullFields] : ["issue", issueFields];
      let answered = 0;
      for (const field of fields) {
        const { outcome, sent } = await run([command, "view", number, "-R", repository, "--json", field]);
        if (outcome.kind === "native") {
          expect(outcome.reason).not.toMatch(/^unexpected:/);
          continue;
        }
        answered++;
        const printed: unknown = JSON.parse(String(outcome.stdout));
        // The number of a pull request is the selector's own: GitHub is asked nothing for it.
        const strange = [...leaves(printed)].filter((leaf) => leaf !== number && !isKnown(leaf, sent));
        expect(strange, field).toEqual([]);
      }
      expect(answered).toBeGreaterThan(5);
    });

    test.each(threads)("$path is printed by gh api as it was recorded", async ({ path, body }) => {
      const { outcome } = await run(["api", path]);
      expect(outcome).toMatchObject({ kind: "done", exitCode: 0 });
      expect(JSON.parse(String(outcome.kind === "done" && outcome.stdout))).toEqual(body);
    });
  },
);

/** Words that gh has and REST has not. */
const derived = new Set(["MERGED", "MERGEABLE", "CONFLICTING", "UNKNOWN", "THUMBS_UP", "THUMBS_DOWN", "User"]);

/** Sent by GitHub, or a word of gh's; an app is a bot's login in other words. */
function isKnown(leaf: string, sent: ReadonlySet<string>): boolean {
  return leaf === "" || sent.has(leaf) || derived.has(leaf) || sent.has(leaf.replace(/^app\/(.*)$/, "$1[bot]"));
}
