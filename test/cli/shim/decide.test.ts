import { expect, test } from "vitest";
import { decide } from "../../../cli/shim/decide.ts";

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
])("gh %s may write: the real gh, and later reads are live", (line) => {
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
  "gist list",
  "api graphql -f query={viewer{login}}",
  "api -X HEAD repos/o/r",
])("gh %s is the real gh's and changes nothing on GitHub", (line) => {
  expect(decide(words(line))).toEqual({ kind: "native", write: false });
});

test.each([
  ["api graphql -F query=@q.graphql", "query { viewer { login } }", false],
  ["api graphql -F query=@q.graphql", "mutation { addStar { id } }", true],
  ["api graphql --input -", '{"query":"query { viewer { login } }"}', false],
  ["api graphql --input body.json", '{"query":"mutation { addStar { id } }"}', true],
  ["api graphql --input body.json", "no JSON", true],
  ["api graphql -f query=@q.graphql", "mutation { addStar { id } }", false],
])("gh %s with %s in the file: write is %s", (line, text, write) => {
  expect(decide(words(line), { extensions: new Set(), text: () => text })).toEqual({ kind: "native", write });
});

test("a flag that lets escape sequences through changes nothing of what a call is", () => {
  expect(decide(words("api --allow-escape-sequences repos/o/r/readme"))).toEqual({ kind: "read" });
});

test("gh pr ls is not mistaken for an object's own property", () => {
  expect(decide(["constructor", "name"])).toEqual({ kind: "native", write: true });
});
