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

test("what is counted is bounded", () => {
  const natives = open();
  for (let index = 0; index < 600; index++) natives.note(words("gist list"), `reason ${index}`, false);
  expect(natives.counts).toHaveLength(500);
});
