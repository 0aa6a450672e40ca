import type { PullFile } from "../world/schema.ts";
import { areas, at, below, contributors, maintainers, pick } from "./demo-choices.ts";
import { comments, files } from "./demo-parts.ts";
import { pullTitles, sentences } from "./demo-texts.ts";

const botLogin = "dependabot[bot]";

/** Issues and pull requests share numbers: every even one below 80 is a pull request. */
export function pulls(): PullFile[] {
  return pullTitles.map(([title, label], index) => {
    const number = 2 * (index + 1);
    const opened = 24 * 4 * number;
    const bot = label === "dependencies";
    const author = bot ? botLogin : index === 7 ? null : pick(index % 3 === 0 ? contributors : maintainers);
    const merged = index < 24 && index % 6 !== 5;
    const closed = index < 24 && !merged;
    const reviewers = maintainers.filter((login) => login !== author);
    const fork = index % 9 === 4 ? "mirela-p/lantern" : index % 9 === 8 ? null : undefined;
    const pull: PullFile = {
      number,
      title,
      author,
      body: bot
        ? `Bumps a dependency.\n\n<details>\n<summary>Release notes</summary>\n\n* ${title}\n</details>`
        : `${title}.\n\n${pick(sentences)}${index % 4 === 0 ? `\n\nCloses #${Math.max(1, number - 1)}.` : ""}`,
      created_at: at(opened),
      labels: index % 5 === 0 ? [label, "needs review"] : [label],
      head:
        fork === undefined
          ? `${bot ? "dependabot/npm" : (author ?? "ghost")}/topic-${number}`
          : { ref: `topic-${number}`, repo: fork, ...(fork === null ? { owner: author ?? "ghost" } : {}) },
      files: files(index === 30 ? 112 : 1 + (index % 5)),
      commits: commits(title, author, index === 31 ? 33 : 1 + (index % 3), opened),
      comments: comments(bot ? 0 : 1 + (index % 3), opened),
      reviews: bot && !merged ? [] : reviews(index, reviewers, opened),
      requested_reviewers: merged || closed || index % 2 === 0 ? [] : reviewers.slice(0, 1),
      requested_teams: index === 33 || index === 35 ? ["core"] : [],
      assignees: index % 4 === 1 ? [pick(maintainers)] : [],
      draft: index === 31 || index === 27,
      mergeable: index === 25 ? false : index === 29 ? null : true,
      ...(index % 6 === 2 ? { milestone: index < 24 ? "2.0" : "2.1" } : {}),
      ...(index % 4 === 0 ? { closes: [Math.max(1, number - 1)] } : {}),
      ...(label === "backport" ? { base: { ref: "1.x" } } : {}),
      ...(index === 26 ? { auto_merge: { enabled_by: "ada-okafor", merge_method: "squash" as const } } : {}),
      ...(index === 12 ? { locked: "resolved" as const } : {}),
      ...(merged
        ? {
            merged_at: at(opened + 50 + below(90)),
            merged_by: pick(maintainers),
            merge_method: index % 7 === 3 ? ("merge" as const) : ("squash" as const),
          }
        : {}),
      ...(closed ? { state: "closed" as const, closed_at: at(opened + 80), closed_by: pick(maintainers) } : {}),
      statuses:
        index % 3 === 0
          ? [
              {
                context: "ci/coverage",
                state: index === 36 ? ("failure" as const) : ("success" as const),
                description: "92.4 % covered",
                target_url: `https://coverage.example.com/${number}`,
                creator: "ada-okafor",
              },
            ]
          : [],
      checks:
        index % 5 === 1
          ? [
              {
                name: "license/cla",
                app: "cla-assistant",
                conclusion: "success" as const,
                output: { title: "All contributors have signed" },
              },
            ]
          : [],
    };
    return pull;
  });
}

function commits(
  title: string,
  author: string | null,
  count: number,
  opened: number,
): NonNullable<PullFile["commits"]> {
  return Array.from({ length: count }, (_, index) => ({
    message: index === 0 ? `${title}\n\nThe first of ${count}.` : `Address review comment ${index}`,
    author: author ?? { name: "A. Gone", email: "gone@example.com" },
    date: at(opened - count + index),
  }));
}

function reviews(index: number, reviewers: string[], opened: number): NonNullable<PullFile["reviews"]> {
  const [first = "ada-okafor", second = "bjorn-lind"] = reviewers;
  const comment = { body: pick(sentences), path: `${areas[0]}/part-0.ts`, line: 11 };
  const asked = {
    author: first,
    state: "CHANGES_REQUESTED" as const,
    body: "One thing before we can merge this.",
    submitted_at: at(opened + 20),
    comments: [comment],
  };
  const approved = {
    author: second,
    state: "APPROVED" as const,
    body: index % 2 ? "" : "LGTM 🎉",
    submitted_at: at(opened + 30),
  };
  const remarked = {
    author: pick(contributors),
    state: "COMMENTED" as const,
    body: "",
    submitted_at: at(opened + 12),
    comments: [{ ...comment, body: "Is this still needed?" }],
  };
  return (
    [
      [approved],
      [asked, { ...approved, author: first }],
      [remarked, approved],
      [asked],
      [remarked],
      [{ ...approved, state: "DISMISSED" as const }, approved],
    ][index % 6] ?? []
  );
}
