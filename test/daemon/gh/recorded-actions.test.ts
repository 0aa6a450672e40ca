/** Real answers of api.github.com for runs and releases, through the commands that show them. */
import { describe, expect, test } from "vitest";
import { engine } from "../../../daemon/gh/index.ts";
import { releaseFields } from "../../../daemon/gh/release/model.ts";
import { singleRunFields } from "../../../daemon/gh/run/fields.ts";
import { recordedExchanges, recordedReader } from "./support/recorded.ts";

const exchanges = recordedExchanges();
const recorded = recordedReader(exchanges ?? []);
/** They were recorded with their pull requests, which gh asks GitHub to leave out. */
const reader: typeof recorded = {
  read: ({ query = [], ...request }) =>
    recorded.read({ ...request, query: query.filter(([name]) => name !== "exclude_pull_requests") }),
};

const run = (args: readonly string[], ghVersion?: string) =>
  engine(
    { args, cwd: "/", env: {}, tty: { stdin: false, stdout: false, stderr: false } },
    {
      reader,
      now: () => 0,
      git: async () => Promise.reject(new Error("no checkout")),
      ghVersion: async () => ghVersion,
      sleep: async () => {},
      signal: new AbortController().signal,
      emit: () => {},
    },
  );

/** Every string and number in a value. */
function* leaves(value: unknown): Generator<string> {
  if (typeof value === "string" || typeof value === "number") yield String(value);
  else if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) yield* leaves(inner);
}

/** The output of gh where GitHub has nothing. */
const derived = new Set(["", "0001-01-01T00:00:00Z"]);

const shown = (exchanges ?? []).flatMap(({ path, status, body }) => {
  const match = /^\/repos\/([^/]+\/[^/]+)\/(actions\/runs\/(\d+)|releases\/tags\/(.+))$/.exec(path);
  if (!match || status !== 200) return [];
  const [, repository = "", , id, tag] = match;
  const [command, key, fields] = id ? ["run", id, singleRunFields] : ["release", tag ?? "", releaseFields];
  return [{ path, repository, command, key, fields, body }];
});

describe.skipIf(exchanges === undefined)(
  "recorded runs and releases (skipped: there is no ../shared/recorded-github here)",
  () => {
    test("there are runs and releases among them", () => {
      expect(new Set(shown.map(({ command }) => command))).toEqual(new Set(["run", "release"]));
    });

    test.each(shown)(
      "$path renders, each value from GitHub's body",
      async ({ repository, command, key, fields, body }) => {
        const known = new Set(leaves(body));
        let answered = 0;
        for (const field of fields) {
          const outcome = await run([command, "view", key, "-R", repository, "--json", field]);
          if (outcome.kind === "native") {
            expect(outcome.reason).not.toMatch(/^unexpected:/);
            continue;
          }
          answered++;
          // Jobs and names of workflows come from other answers.
          if (field === "jobs" || field === "workflowName") continue;
          const printed: unknown = JSON.parse(String(outcome.stdout));
          expect(
            [...leaves(printed)].filter((leaf) => !known.has(leaf) && !derived.has(leaf)),
            field,
          ).toEqual([]);
        }
        expect(answered).toBeGreaterThan(10);
      },
    );

    test.each(shown)("$path renders for people, a run only with its jobs", async ({ repository, command, key }) => {
      const outcome = await run([command, "view", key, "-R", repository], "2.46.0");
      // A run's jobs and workflow were not recorded.
      if (command === "run")
        expect(outcome).toMatchObject({ kind: "native", reason: expect.stringMatching(/^GitHub answered 404 to /) });
      else expect(outcome).toMatchObject({ kind: "done", stdout: expect.stringContaining(key) });
    });
  },
);
