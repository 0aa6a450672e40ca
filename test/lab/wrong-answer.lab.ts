/** A wrong answer, from the relay or from GitHub, is neither printed nor kept. */
import { bodyOf, type MangledAnswer } from "./support/github-proxy.ts";
import type { LabMachine } from "./support/lab-machine.ts";
import { moods } from "./support/moods.ts";
import type { Mood } from "./support/relay-front.ts";
import { issuePaths, type LabSetup, setTheStage } from "./support/stage.ts";
import { type Tries, trial } from "./support/trial.ts";
import { project, secretTitle } from "./support/world.ts";

let stage: LabSetup;
let machine: LabMachine;

setTheStage((set, laptop) => {
  stage = set;
  machine = laptop;
});

/** The same command while something is wrong, and when it is over. */
async function tryBoth(tries: Tries, args: readonly string[], begin: () => void): Promise<void> {
  const expected = await machine.real(args);
  begin();
  tries.compare("while it lasts", await machine.gh(args), expected, { secrets: stage.secrets });
  stage.calm();
  tries.compare("afterwards", await machine.gh(args), expected, { secrets: stage.secrets });
}

const nextIssue = issuePaths();

const relayMoods: Readonly<Record<string, Mood>> = {
  "a page of a middlebox instead of the relay's": moods.other(200, "text/html", "<html>Please log in</html>"),
  "an empty answer instead of the relay's": moods.other(200, "application/json", ""),
  "JSON that is no envelope": moods.other(200, "application/json", '{"status":200,"body":[]}'),
  "an envelope cut to a third": moods.cut(0.3),
  "an envelope cut in its body": moods.cut(0.8),
  "an envelope cut in its body, ended by the connection": moods.cut(0.8, "end"),
  "an envelope cut just behind a brace": moods.cutBehindBrace(0.95),
  "an envelope whose length is told 40 bytes short": moods.wrongLength(-40),
  "an envelope whose length is told one byte short": moods.wrongLength(-1),
  "an envelope with bytes behind it": moods.bytesAfter("<!-- a proxy was here -->"),
  "an envelope with a brace behind it": moods.bytesAfter("}"),
};
for (const [name, mood] of Object.entries(relayMoods)) {
  const path = nextIssue();
  trial("a wrong answer", name, (tries) => tryBoth(tries, ["api", path], () => stage.front.be(mood)));
}

const json = "application/json; charset=utf-8";
const cut = (answer: MangledAnswer) => ({ ...answer, body: answer.body.subarray(0, answer.body.length / 2) });
const githubMoods: Readonly<Record<string, (answer: MangledAnswer) => Partial<MangledAnswer>>> = {
  "a page": () => bodyOf("text/html", "<html>Unicorn!</html>"),
  "a page under JSON's name": () => bodyOf(json, "<html>Unicorn!</html>"),
  "half an answer": cut,
  nothing: () => bodyOf(json, ""),
  null: () => bodyOf(json, "null"),
  "a list": () => bodyOf(json, "[]"),
  "an empty object": () => bodyOf(json, "{}"),
  "an error without its status": () => bodyOf(json, '{"message":"Server Error"}'),
  "the answer under a page's name": (answer) => ({
    ...answer,
    headers: { ...answer.headers, "content-type": "text/html" },
  }),
};
for (const [name, change] of Object.entries(githubMoods)) {
  const path = nextIssue();
  trial("a wrong answer", `GitHub tells the relay with 200: ${name}`, (tries) =>
    tryBoth(tries, ["api", path], () => {
      stage.proxy.mangling = {
        after: (passing, answer) => (passing.path.startsWith(`/${path}`) ? change(answer) : undefined),
      };
    }),
  );
}

trial("a wrong answer", "a cut file's listing, then a view of it", (tries) =>
  tryBoth(tries, ["api", `repos/${project}/contents/notes.txt`], () => {
    stage.proxy.mangling = {
      after: (passing, answer) => (passing.path.includes("/contents/") ? cut(answer) : undefined),
    };
  }),
);

trial("a wrong answer", "a good entry that GitHub's page finds stays, for another machine too", async (tries) => {
  const args = ["api", nextIssue()];
  const other = await stage.machine("other");
  const expected = await machine.real(args);
  tries.compare("before", await machine.gh(args), expected);
  stage.proxy.mangling = { after: () => bodyOf("text/html", "<html>Unicorn!</html>") };
  tries.compare("fresh while it lasts", await machine.gh(args, { env: { OCTOPOOL_FRESH: "1" } }), expected);
  tries.compare("on another machine", await other.gh(args), expected);
});

for (const what of [
  "pulls/201/reviews",
  "pulls/201/requested_reviewers",
  "issues/1/timeline",
  "issues/1/events",
  "pulls/201",
]) {
  trial("a wrong answer", `an answer that depends on the caller: ${what}`, async (tries) => {
    const args = ["api", `repos/${project}/${what}`];
    tries.compare(what, await machine.gh(args), await machine.real(args));
  });
}

trial("a wrong answer", "nothing of a private repository is in the pool's entries", async (tries) => {
  await machine.gh(["api", `repos/${project}/issues/1/timeline`]);
  await machine.gh(["api", "repos/acme/secret/issues/1"]);
  const db = await stage.stack.relay.runtime.getD1Database("DB");
  const { results } = await db.prepare("select body from github_cache_entries").all<{ body: string | null }>();
  const leaks = results.filter(({ body }) => body?.includes(secretTitle));
  tries.holds("the cache holds no private title", leaks.length === 0, "leaked");
});
