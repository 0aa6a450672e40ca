/** Differences of later releases of gh, row by row: each is held by cases that both kinds of release answer. */
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { changes } from "../../daemon/gh/versions.ts";
import { type Case, commandLine, readCases } from "../../scripts/differential/cases.ts";
import { type Golden, readGoldens } from "../../scripts/goldens/golden.ts";

type Change = keyof typeof changes;

interface Row {
  /** Rows of the table of changes that the cases would notice. */
  readonly changes?: readonly Change[];
  /** Answered, and printed otherwise by the two. */
  readonly differ?: readonly string[];
  /** Answered with the same bytes, though the two ask GitHub otherwise. */
  readonly same?: readonly string[];
  /** Answered for the releases that know it; the others cannot be asked. */
  readonly later?: readonly string[];
  /** The real gh of later releases answers, and a row of `docs/gh.md` says why. */
  readonly native?: readonly string[];
}

const truecolor = "GH_FORCE_TTY=100 COLORTERM=truecolor CLICOLOR_FORCE=1 gh";
const colours = "GH_FORCE_TTY=100 CLICOLOR_FORCE=1 TERM=xterm-256color gh";
const raw = "-H 'Accept: application/vnd.github.raw'";
const list = "gh issue list -R acme/eras --json number,title";

/** By the change. Each case is a command as the suite prints it. */
const rows: Readonly<Record<string, Row>> = {
  "six more lines in issue view": { changes: ["relations"], differ: ["gh issue view 8 -R acme/eras"] },
  "escape bytes are refused by api and pr diff": {
    changes: ["escapesRefused"],
    differ: [
      `gh api repos/acme/eras/contents/colour.txt ${raw}`,
      "gh api repos/acme/eras/pulls/21 -H 'Accept: application/vnd.github.diff'",
      "gh pr diff 21 -R acme/eras",
    ],
    later: [
      `gh api repos/acme/eras/contents/colour.txt ${raw} --allow-escape-sequences`,
      "gh pr diff 21 -R acme/eras --allow-escape-sequences",
    ],
    native: ["gh run view 9001 --log -R acme/ci", "gh gist view feed01"],
  },
  "a release of no repository is not found, for any answer of GraphQL": {
    changes: ["missingOfRelease"],
    differ: ["gh release view v1.0.0 -R acme/missing"],
  },
  "a branch that follows one of another name is looked for by where it is pushed to": {
    changes: ["pushedBranches"],
    native: ["gh pr view --json number,isCrossRepository   (in a checkout)"],
  },
  "escape bytes in JSON are written with a caret, as before": { same: ["gh api repos/acme/eras/issues/9"] },
  "output that --silent and --jq do not print is not refused": {
    same: [
      `gh api repos/acme/eras/contents/colour.txt ${raw} --silent`,
      "gh api repos/acme/eras/contents/colour.txt --jq .name",
    ],
  },
  "a tenant of ghe.com is asked at its own API": {
    changes: ["tenants"],
    differ: ["gh run view 999 -R acme.ghe.com/acme/ci   (gh knows github.com, acme.ghe.com, git.example.org)"],
    same: ["gh workflow list -R acme.ghe.com/acme/ci   (gh knows github.com, acme.ghe.com, git.example.org)"],
    later: ["gh issue list -R acme.ghe.com/acme/eras   (gh knows github.com, acme.ghe.com, git.example.org)"],
  },
  "names stand beside logins": {
    changes: ["peoplesNames"],
    differ: ["gh issue view 1 -R acme/eras", "gh pr view 20 -R acme/eras"],
    same: ["gh issue view 1 -R acme/eras --json number,title,state,author,assignees,labels,body,url"],
  },
  "files have a changeType": { changes: ["changeType"], differ: ["gh pr view 20 -R acme/eras --json files"] },
  "assignees have a databaseId": {
    changes: ["assigneeIds"],
    differ: ["gh issue view 2 -R acme/eras --json assignees", "gh pr view 20 -R acme/eras --json assignees"],
  },
  "a head repository has its whole name": {
    changes: ["headRepositoryOwner"],
    differ: ["gh pr view 20 -R acme/eras --json headRepository"],
  },
  "lists are searched as ISSUE_ADVANCED": {
    same: ["gh issue list -R acme/eras -S conflicts", "gh search issues --repo acme/eras --label bug"],
  },
  "projects stand in the line of projects, for a token that may read them": {
    changes: ["projects"],
    native: [
      "GH_TOKEN=planners-token gh issue view 8 -R far/shore.now",
      "GH_TOKEN=planners-token gh pr view 30 -R far/shore.now",
      "GH_TOKEN=fine-grained-token gh issue view 8 -R far/shore.now",
    ],
  },
  "assets have digests": {
    changes: ["assetDigests"],
    differ: ["gh release view v3.0.0 -R acme/eras --json assets"],
  },
  "releases tell whether they are immutable": {
    changes: ["immutableReleases"],
    differ: [
      "gh release view v3.0.0 -R acme/eras",
      "gh release list -R acme/eras --exclude-drafts --json tagName,isImmutable,isLatest",
    ],
  },
  "a limit of release list below one is refused": {
    changes: ["releaseLimit"],
    later: ["gh release list -R zoe/releases -L 0"],
  },
  "steps of a job have times": {
    changes: ["stepTimes"],
    differ: ["gh run view 9001 -R acme/ci --json jobs"],
  },
  "runs have attempts, and --all": {
    changes: ["allRuns"],
    differ: ["gh run view 9001 -R acme/ci --json attempt", "gh run list -R acme/ci -w Old -a"],
  },
  "names that git quotes are listed": {
    changes: ["quotedNames"],
    differ: ["gh pr diff 20 -R acme/eras --name-only"],
  },
  "pr checks has --json": {
    changes: ["checksJson"],
    differ: ["gh pr checks 20 -R acme/eras --json nope"],
    later: [
      "gh pr checks 30 -R far/shore.now --json name,state,bucket,startedAt,completedAt,link,description,workflow,event",
    ],
  },
  "--slurp of gh api": {
    changes: ["slurp"],
    later: ["gh api repos/many/parts/labels --paginate --slurp", "gh api repos/many/parts/labels --slurp"],
  },
  "the fields of later releases": {
    differ: [
      "gh issue view 2 -R acme/eras --json parent",
      "gh issue view 2 -R acme/eras --json issueType",
      "gh issue view 2 -R acme/eras --json subIssuesSummary",
      "gh issue view 2 -R acme/eras --json blockedBy",
      "gh issue view 2 -R acme/eras --json stateReason",
      "gh pr view 20 -R acme/eras --json baseRefOid,headRefOid",
      "gh release view v3.0.0 -R acme/eras --json isImmutable,databaseId",
    ],
    native: ["gh issue view 1 -R acme/eras --json isPinned"],
  },
  "an unknown field is answered with the fields of that release": {
    differ: [
      "gh issue list -R acme/eras --json nope",
      "gh pr list -R acme/eras --json nope",
      "gh run list -R acme/ci --json nope",
      "gh release view -R acme/eras --json nope",
      "gh repo list acme --json nope",
    ],
    same: ["gh label list -R acme/eras --json nope", "gh workflow list -R acme/ci --json nope"],
  },
  "a wrong flag is answered with the usage of that release": {
    differ: ["gh issue list -R acme/app --bogus", "gh run list -R acme/ci --bogus"],
  },
  "the address of a pull request in issue view": {
    changes: ["issueViewOfPull"],
    differ: ["gh issue view --json number -R oddities/lab.1 -- https://github.com/oddities/lab.1/pull/100"],
  },
  "--json and --comments together": {
    changes: ["jsonOrComments"],
    differ: ["gh issue view 1 -R acme/app --comments --json comments"],
  },
  "the message about a workflow that is not there": {
    changes: ["workflowNotFound"],
    differ: ["gh run list -R acme/ci -w 123"],
  },
  "functions of templates": {
    changes: ["sprigFunctions"],
    later: [`${list} -t '{{range .}}{{if hasPrefix "A" .title}}{{.number}} {{end}}{{end}}'`],
  },
  "jq of later releases": { changes: ["noLeafPaths"], native: [`${list},labels -q '[leaf_paths]|length'`] },
  "the colours of JSON": {
    changes: ["whiteDelimiters"],
    differ: ["GH_FORCE_TTY=60 gh api repos/acme/eras/labels"],
  },
  "grey ends otherwise": {
    changes: ["grayEnds", "grayLineEnds"],
    differ: [
      `${colours} release list -R acme/eras --exclude-drafts`,
      "GH_FORCE_TTY=100 PAGER=cat gh run view 12001 -R oddities/lab.1",
    ],
  },
  "the summary of checks that were all cancelled": {
    changes: ["cancelledSummary"],
    differ: ["GH_FORCE_TTY=90 gh pr checks 34 -R far/shore.now"],
  },
  "a body that is no text is not refused in a pipe": {
    same: ["gh api repos/far/shore.now/pulls/34 -H 'Accept: application/vnd.github.diff'"],
  },
  "labels have their own colours only where they are asked for": {
    changes: ["labelColorsAsked"],
    differ: [`${truecolor} label list -R acme/eras`],
  },
  "joined characters are as wide as they look": {
    changes: ["joinedCharacters"],
    differ: ["GH_FORCE_TTY=0 gh label list -R oddities/lab.1 -L 5"],
  },
  "a branch without an owner, a number alone": {
    changes: ["ownerlessBranches", "numberIsAsked"],
    native: ["gh pr view :topic-1 -R oddities/lab.1 --json number"],
  },
  "searches for more than a hundred": {
    changes: ["searchPages"],
    native: ["gh search issues --repo many/issues-250 --limit 150"],
  },
  "flags that only later releases have": {
    native: ["gh pr diff 20 -R acme/eras --exclude '*.txt'", "gh issue list -R acme/eras --type Bug"],
  },
};

const known = new Map((await readCases("test/differential")).map((each) => [commandLine(each), each]));
const [older, newer] = await Promise.all(["2.46", "2.96"].map(goldensOf));

/** Of an era, by command. */
async function goldensOf(era: string): Promise<ReadonlyMap<string, Golden>> {
  const goldens = (await readGoldens(`test/goldens/${era}`)).flatMap((file) => file.goldens);
  return new Map(goldens.map((golden) => [commandLine(golden), golden]));
}

function caseOf(command: string): Case {
  const found = known.get(command);
  if (found === undefined) throw new Error(`no case: ${command}`);
  return found;
}

const printed = (golden: Golden | undefined) => golden && [golden.stdout, golden.stderr, golden.exitCode];
const isAnswered = (golden: Golden | undefined): boolean => golden?.answered === true;

test.each(Object.entries(rows))("%s", (_what, { differ = [], same = [], later = [], native = [] }) => {
  for (const command of [...differ, ...same]) {
    const [one, two] = [older?.get(command), newer?.get(command)];
    caseOf(command);
    expect([command, isAnswered(one), isAnswered(two)]).toEqual([command, true, true]);
    expect([command, isDeepStrictEqual(printed(one), printed(two))]).toEqual([command, same.includes(command)]);
  }
  for (const command of later) {
    caseOf(command);
    expect([command, isAnswered(newer?.get(command))]).toEqual([command, true]);
  }
  for (const command of native) {
    expect([command, caseOf(command).native]).toEqual([command, expect.any(String)]);
    expect([command, isAnswered(newer?.get(command))]).toEqual([command, false]);
  }
});

test("every change of the engine's table has a row with a case", () => {
  const held = Object.values(rows).flatMap((row) => row.changes ?? []);
  expect(new Set(held)).toEqual(new Set(Object.keys(changes)));
  const empty = Object.entries(rows).filter(
    ([, { differ = [], same = [], later = [], native = [] }]) => [differ, same, later, native].flat().length === 0,
  );
  expect(empty).toEqual([]);
});
