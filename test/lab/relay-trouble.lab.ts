/** A relay that is slow, silent, broken, or in trouble with one thing: commands are answered in time, and the rest goes on. */
import { bodyOf } from "./support/github-proxy.ts";
import type { LabMachine } from "./support/lab-machine.ts";
import { moods } from "./support/moods.ts";
import type { Mood } from "./support/relay-front.ts";
import { issuePaths, type LabSetup, setTheStage } from "./support/stage.ts";
import { type Tries, trial } from "./support/trial.ts";
import { project } from "./support/world.ts";

let stage: LabSetup;
let machine: LabMachine;
/** The daemon leaves a silent relay after 8 s, on a machine too busy to tell after 20; the rest is for starting it. */
const silentMs = 25_000;

setTheStage((set, laptop) => {
  stage = set;
  machine = laptop;
});

const nextPath = issuePaths();
const nextIssue = () => ["api", nextPath()];

const silences: Readonly<Record<string, Mood>> = {
  "a black hole": moods.blackHole(),
  "early hints without an end": moods.earlyHints(200),
  "a body of a byte a second": moods.trickle(1000),
  "a head of a byte a second": moods.trickleHead(1000),
  "a length that is told too long": moods.wrongLength(40),
};
for (const [name, mood] of Object.entries(silences)) {
  trial("a command waits", `the relay is ${name}`, async (tries) => {
    const args = nextIssue();
    const expected = await machine.real(args);
    stage.front.be(mood);
    tries.compare("first", await machine.gh(args), expected, { within: silentMs, secrets: stage.secrets });
    const commands = Array.from({ length: 10 }, nextIssue);
    const ran = await Promise.all(commands.map((each) => machine.gh(each)));
    const right = await Promise.all(commands.map((each) => machine.real(each)));
    ran.forEach((each, at) => {
      tries.compare(`one of ten at once`, each, right[at] ?? expected, { within: silentMs });
    });
    const then = nextIssue();
    tries.compare("then", await machine.gh(then), await machine.real(then), { within: silentMs });
  });
}

trial("a command waits", "slow reads do not hold up another", async (tries) => {
  stage.front.be(moods.late(10_000), (path) => path.includes("/commits"));
  await machine.gh(["api", `repos/${project}/labels`]);
  const slow = Array.from({ length: 24 }, (_, page) =>
    machine.gh(["api", `repos/${project}/commits?per_page=1&page=${page + 1}`]),
  );
  const args = nextIssue();
  tries.compare("beside 24 slow ones", await machine.gh(args), await machine.real(args), { within: 8_000 });
  for (const each of await Promise.all(slow)) {
    tries.holds("a slow one ends", !each.timedOut && each.exitCode === 0, "lost", each.stderr);
  }
});

/** Trouble with one path leaves the others alone: another command is answered by the pool. */
async function tryAnother(tries: Tries): Promise<void> {
  await machine.realGh.forget();
  const args = nextIssue();
  tries.compare("another", await machine.gh(args), await machine.real(args));
  const calls = machine.realGh.calls();
  tries.holds("the pool answered the other", calls.length === 0, "wrong", String(calls));
}

const refusals: Readonly<Record<string, Mood>> = {
  "HTTP 502 github_unreachable": moods.refusal(502, "github_unreachable"),
  "HTTP 503 identity_misconfigured": moods.refusal(503, "identity_misconfigured"),
  "HTTP 500 internal_error": moods.refusal(500, "internal_error"),
};
for (const [name, mood] of Object.entries(refusals)) {
  trial("trouble with one thing", `the relay says ${name} of one path`, async (tries) => {
    const path = nextPath();
    const bad = ["api", path];
    stage.front.be(mood, (asked) => asked.endsWith(path));
    const expected = await machine.real(bad);
    for (let times = 0; times < 5; times++) tries.compare("that path", await machine.gh(bad), expected);
    await tryAnother(tries);
  });
}

trial("trouble with one thing", "GitHub drops one path", async (tries) => {
  const bad = nextIssue();
  const path = `/${bad[1]}`;
  stage.proxy.mangling = { instead: (passing) => (passing.path.startsWith(path) ? { drop: true } : undefined) };
  const expected = await machine.real(bad);
  for (let times = 0; times < 4; times++) tries.compare("that path", await machine.gh(bad), expected);
  await tryAnother(tries);
});

trial("trouble with one thing", "a command with an address that GitHub would refuse", async (tries) => {
  const long = ["api", `repos/${project}/issues?labels=${"x".repeat(70_000)}`];
  const ran = await machine.gh(long);
  tries.holds("it ends", !ran.timedOut, "lost", ran.stderr);
  await tryAnother(tries);
});

const statuses: readonly (readonly [number, string, string])[] = [
  [401, "text/html", "<html>Please log in</html>"],
  [403, "text/html", "<html>Blocked</html>"],
  [407, "text/plain", "proxy"],
  [429, "text/html", "slow down"],
  [500, "text/plain", "oops"],
  [502, "text/html", "<html>Bad gateway</html>"],
  [503, "text/html", ""],
  [504, "text/html", "<html>Timed out</html>"],
  [204, "text/plain", ""],
  [301, "text/html", ""],
];
trial("the read path holds", "under any status that something before the relay answers with", async (tries) => {
  for (const [status, type, text] of statuses) {
    const args = nextIssue();
    stage.front.be(moods.other(status, type, text));
    tries.compare(String(status), await machine.gh(args), await machine.real(args), { secrets: stage.secrets });
  }
});

trial("the read path holds", "GitHub's moods with the pool's identity", async (tries) => {
  for (const status of [401, 403, 410, 429, 451, 500, 502, 503]) {
    const args = nextIssue();
    stage.proxy.mangling = { instead: () => bodyOf("application/json", '{"message":"no"}', status) };
    tries.compare(String(status), await machine.gh(args), await machine.real(args), { secrets: stage.secrets });
  }
});
