/** GraphQL's errors, and their meaning for a command that asks with the caller's own token. */
import { expect, test } from "vitest";
import { engine } from "../../../daemon/gh/index.ts";
import { type GitHubReader, NativeRequired, type ReadRequest } from "../../../daemon/reader.ts";

/** A reader that answers every query with the same body. */
function answering(body: unknown, status = 200) {
  const requests: ReadRequest[] = [];
  const reader: GitHubReader = {
    read: async (request) => {
      requests.push(request);
      if (!request.own) throw new NativeRequired("not a query");
      const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
      return { status, headers: {}, body: bytes, answeredBy: "github", stale: false, createdAt: 0, own: true };
    },
  };
  const run = (line: string) =>
    engine(
      { args: line.split(" "), cwd: "/", env: {}, tty: { stdin: false, stdout: false, stderr: false } },
      {
        reader,
        now: () => 0,
        git: async () => Promise.reject(new Error("no checkout here")),
        ghVersion: async () => "2.46.0",
        sleep: async () => {},
        signal: new AbortController().signal,
        emit: () => {},
      },
    );
  return { requests, run };
}

const ofRepository = { message: "Could not resolve to a Repository with the name 'o/r'.", path: ["repository"] };
const command = "repo view o/r --json isEmpty";

test("an error that is NOT_FOUND is printed in GitHub's words, as gh prints them", async () => {
  const errors = [
    { type: "NOT_FOUND", ...ofRepository },
    { type: "NOT_FOUND", message: "Nor this.", path: ["a", 0, "b"] },
    { type: "NOT_FOUND", message: "Nor that." },
  ];
  const { run } = answering({ data: { repository: null }, errors });
  const said = `${ofRepository.message} (repository), Nor this. (a.0.b), Nor that.`;
  expect(await run(command)).toMatchObject({ kind: "done", stdout: "", stderr: `GraphQL: ${said}\n`, exitCode: 1 });
});

test.each([
  ["a limit", { errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }] }, 200],
  ["a sign-in that is missing", { data: null, errors: [{ type: "FORBIDDEN", ...ofRepository }] }, 200],
  ["one of several", { errors: [{ type: "NOT_FOUND", ...ofRepository }, { message: "Something went wrong" }] }, 200],
  ["no data", {}, 200],
  ["data of another form", { data: { repository: { isEmpty: "no" } } }, 200],
  ["no JSON", "<html>", 200],
  ["another status", { data: { repository: { isEmpty: false } } }, 502],
])("%s is the real gh's to tell", async (_what, body, status) => {
  const { run, requests } = answering(body, status);
  expect(await run(command)).toMatchObject({ kind: "native" });
  expect(requests).toHaveLength(1);
});
