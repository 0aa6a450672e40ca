import { expect, test } from "vitest";
import { asksStandardInput, decide } from "../../../cli/shim/decide.ts";

const words = (line: string) => (line === "" ? [] : line.split(" "));

test.each([
  "pr view 7 --json title",
  "pr list -R o/r",
  "pr checks --watch",
  "issue view 1",
  "run watch 3",
  "search prs x",
  "api repos/o/r",
  "api -X GET search/issues -f q=x",
  "api --method=get repos/o/r --field a=b",
  "api -iXGET repos/o/r",
  "api repos/o/r --paginate --slurp -q .[0] -H accept:x",
])("gh %s may be a read", (line) => {
  expect(decide(words(line))).toEqual({ kind: "read" });
});

test.each([
  "pr merge 7",
  "pr create --title view",
  "issue edit 1 --add-label x",
  "repo delete o/r",
  "api -X POST repos/o/r/issues",
  "api -XDELETE repos/o/r",
  "api -iXPATCH repos/o/r",
  "api --method PUT repos/o/r",
  "api repos/o/r/issues -f title=x",
  "api repos/o/r/issues -ftitle=x",
  "api repos/o/r/issues --raw-field=title=x",
  "api repos/o/r --input -",
  "api --unknown-flag repos/o/r",
  "api graphql -f query=mutation{x}",
  "api graphql -F query=@file",
  "workflow run ci.yml",
  "an-extension whatever",
  "-R o/r run rerun 5",
  "-Ro/r run rerun 5",
  "--repo o/r pr merge 7",
  "--repo=o/r issue close 1",
  "pr -R o/r merge 7",
  "-R o/r an-extension",
])("gh %s may write: the real gh, and later reads are live", (line) => {
  expect(decide(words(line))).toEqual({ kind: "native", write: true });
});

test.each([
  "-R o/r run rerun 5",
  "-Ro/r run rerun 5",
  "-R=o/r pr merge 7",
  "--repo o/r pr merge 7",
  "--repo=o/r issue close 1",
  "pr -R o/r merge 7",
  "pr --repo=o/r merge 7",
  "run -Ro/r rerun 5",
  "-R o/r api -X PATCH repos/o/r",
])("gh %s may write, though its flag stands before the command or between its words", (line) => {
  expect(decide(words(line))).toEqual({ kind: "native", write: true });
});

test.each([
  "",
  "--version",
  "-R o/r pr view",
  "auth status",
  "pr merge --help",
  "help pr",
  "config get editor",
  "alias list",
  "browse",
  "pr checkout 7",
  "repo clone o/r",
  "run download 1",
  "status",
  "codespace list",
  "gist list --help",
  "api -X HEAD repos/o/r",
])("gh %s is the real gh's and changes nothing on GitHub", (line) => {
  expect(decide(words(line))).toEqual({ kind: "native", write: false });
});

test.each([
  ["api graphql -F query=@q.graphql", "query { viewer { login } }", "read"],
  ["api graphql -F query=@q.graphql", "mutation { addStar { id } }", "a write"],
  ["api graphql --input -", '{"query":"query { viewer { login } }"}', "read"],
  ["api graphql --input body.json", '{"query":"mutation { addStar { id } }"}', "a write"],
  ["api graphql --input body.json", "no JSON", "a write"],
  ["api graphql -f query=@q.graphql", "mutation { addStar { id } }", "read"],
  ["api /graphql -F query=@q.graphql", "query { viewer { login } }", "the real gh's"],
])("gh %s with %s in the file: %s", (line, text, what) => {
  const decision = decide(words(line), { extensions: new Set(), text: () => text });
  expect(decision.kind === "read" ? "read" : decision.write ? "a write" : "the real gh's").toBe(what);
});

test.each([
  ["api graphql --input -", true],
  ["api graphql -F query=@-", true],
  ["api graphql -Fquery=@-", true],
  ["api graphql -F body=@- -f query={viewer{login}}", true],
  ["api graphql -f query=@-", false],
  ["api graphql -F query=@q.graphql", false],
  ["api repos/o/r --input -", false],
  ["pr view -", false],
])("gh %s takes its query from standard input: %s", (line, takes) => {
  expect(asksStandardInput(words(line))).toBe(takes);
});

test.each(["gist list", "project view 1", "cache ls -R o/r", "variable get X", "api graphql -f query={viewer{login}}"])(
  "gh %s is the real gh's, and the daemon may have a way for its requests",
  (line) => {
    expect(decide(words(line))).toEqual({ kind: "read" });
  },
);

test("a flag that lets escape sequences through does not change the kind of a call", () => {
  expect(decide(words("api --allow-escape-sequences repos/o/r/readme"))).toEqual({ kind: "read" });
});

test("gh pr ls is not mistaken for an object's own property", () => {
  expect(decide(["constructor", "name"])).toEqual({ kind: "native", write: true });
});
