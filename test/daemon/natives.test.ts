import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Natives } from "../../daemon/natives.ts";

let home: string;
let time = 0;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "natives-"));
  time = Date.parse("2026-06-01T12:00:00Z");
});
afterEach(() => rmSync(home, { recursive: true }));

const open = () => new Natives({ XDG_STATE_HOME: home }, () => time);
const words = (line: string) => ({ args: line.split(" "), env: {} });

test("commands of one shape and reason are one line, the most frequent first", () => {
  const natives = open();
  natives.note(words("pr view 7 -R o/r --json reviews"), "reviews: REST does not say it", true);
  natives.note(words("issue list -R o/r -l x"), "an unusual label", false);
  natives.note(words("pr view 8 -R a/b --json reviews"), "reviews: REST does not say it", false);
  expect(natives.counts).toEqual([
    {
      shape: "pr view --json reviews --repo",
      reason: "reviews: REST does not say it",
      plain: 1,
      via: 1,
      last: "2026-06-01T12:00:00.000Z",
    },
    {
      shape: "issue list --label --repo",
      reason: "an unusual label",
      plain: 1,
      via: 0,
      last: "2026-06-01T12:00:00.000Z",
    },
  ]);
});

test("neither values of arguments nor names of repositories are kept", () => {
  const natives = open();
  natives.note(words("issue view 7 -R acme/hidden"), "acme/hidden answers 404", false);
  natives.note(words("api repos/acme/hidden -X DELETE-IT"), "GitHub answered 404 to /repos/acme/hidden", false);
  natives.note(words("some-extension acme-secret"), "only gh has this command", false);
  natives.note(words("pr list -A someone!"), "user someone!", false);
  natives.save();
  const text = readFileSync(join(home, "octopool/natives.json"), "utf8");
  for (const name of ["acme", "hidden", "someone", "DELETE"]) expect(text).not.toContain(name);
});

test("the counts outlive the daemon, and a file that is damaged is begun anew", () => {
  const natives = open();
  natives.note(words("gist list"), "not one of ours", true);
  natives.save();
  expect(open().counts).toMatchObject([{ shape: "gist list", via: 1 }]);
});

test("the number of counted commands is bounded", () => {
  const natives = open();
  for (let index = 0; index < 600; index++) natives.note(words("gist list"), `reason ${index}`, false);
  expect(natives.counts).toHaveLength(500);
});

test("with OCTOPOOL_NATIVE_REPOSITORIES the repository that a command names is kept, and nothing else of it", () => {
  const natives = open();
  const env = { OCTOPOOL_NATIVE_REPOSITORIES: "1" };
  const note = (line: string, more: Readonly<Record<string, string>> = {}) =>
    natives.note({ args: line.split(" "), env: { ...env, ...more } }, "why", false);
  note("pr view 7 -R Acme/one --json reviews");
  note("pr view 7 --repo=acme/one --json reviews");
  note("pr view https://github.com/acme/two/pull/7 --json reviews");
  note("api repos/acme/three/secret-path");
  note("pr view secret/branch --json reviews", { GH_REPO: "acme/four" });
  note("pr view secret/branch --json files");
  note("repo view acme/five");
  const named = natives.counts.map(({ repository, plain }) => `${repository} ${plain}`).sort();
  expect(named).toEqual(["acme/five 1", "acme/four 1", "acme/one 2", "acme/three 1", "acme/two 1", "undefined 1"]);
  natives.save();
  expect(readFileSync(join(home, "octopool/natives.json"), "utf8")).not.toContain("secret");
  expect(open().counts.map(({ repository }) => repository)).toContain("acme/one");
});
