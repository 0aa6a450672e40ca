import { type ApiReply, ok, type RepositoryCall, type RepositoryRoutes } from "../http.ts";
import { user } from "../render/accounts.ts";
import { stats } from "../render/commits.ts";
import { history } from "../world/build-git.ts";
import type { Account, Commit, Repository } from "../world/model.ts";

const daySeconds = 86_400;
const weekSeconds = 7 * daySeconds;
/** Repositories whose statistics have been asked for: the first time GitHub answers 202 and computes. */
const computed = new WeakMap<Repository, Set<string>>();

function counted(
  compute: (commits: Commit[], repository: Repository, nowSeconds: number) => unknown,
): RepositoryRoutes[string] {
  return (call): ApiReply => {
    const kind = call.path.split("/").at(-1) ?? "";
    const known = computed.get(call.repository) ?? new Set();
    computed.set(call.repository, known);
    if (!known.has(kind)) {
      known.add(kind);
      return { status: 202, body: {}, volatile: true };
    }
    return ok(compute(commitsOf(call), call.repository, Date.parse(call.now) / 1000));
  };
}

function commitsOf({ repository }: RepositoryCall): Commit[] {
  return history(repository, repository.branches.get(repository.default_branch)?.sha ?? "").reverse();
}

/** Statistics: the first call of each kind is answered 202, later ones have them. */
export const statisticsRoutes: RepositoryRoutes = {
  "GET /stats/contributors": counted((commits) => {
    const weeks = weeksOf(commits);
    const authors = new Map<Account, Commit[]>();
    for (const commit of commits) {
      if (commit.author.account)
        authors.set(commit.author.account, [...(authors.get(commit.author.account) ?? []), commit]);
    }
    return [...authors].map(([account, own]) => ({
      total: own.length,
      weeks: weeks.map((w) => {
        const inWeek = own.filter((commit) => weekOf(commit) === w);
        const { additions, deletions } = stats(inWeek.flatMap((commit) => commit.files));
        return { w, a: additions, d: deletions, c: inWeek.length };
      }),
      author: user(account),
    }));
  }),
  "GET /stats/commit_activity": counted((commits, _repository, now) =>
    lastYear(now).map((week) => {
      const days = Array.from(
        { length: 7 },
        (_, day) => commits.filter((commit) => Math.floor((seconds(commit) - week) / daySeconds) === day).length,
      );
      return { total: days.reduce((a, b) => a + b, 0), week, days };
    }),
  ),
  "GET /stats/code_frequency": counted((commits) =>
    weeksOf(commits).map((week) => {
      const { additions, deletions } = stats(
        commits.filter((commit) => weekOf(commit) === week).flatMap((commit) => commit.files),
      );
      return [week, additions, -deletions];
    }),
  ),
  "GET /stats/participation": counted((commits, repository, now) => {
    const count = (keep: (commit: Commit) => boolean) =>
      lastYear(now).map((week) => commits.filter((commit) => weekOf(commit) === week && keep(commit)).length);
    return { all: count(() => true), owner: count((commit) => commit.author.account === repository.owner) };
  }),
  "GET /stats/punch_card": counted((commits) => {
    const counts = new Map<string, number>();
    for (const commit of commits) {
      const date = new Date(commit.author.date);
      const key = `${date.getUTCDay()} ${date.getUTCHours()}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return Array.from({ length: 7 * 24 }, (_, index) => [
      Math.floor(index / 24),
      index % 24,
      counts.get(`${Math.floor(index / 24)} ${index % 24}`) ?? 0,
    ]);
  }),
};

function seconds(commit: Commit): number {
  return Date.parse(commit.author.date) / 1000;
}

/** Weeks start on Sunday; 1970-01-04 was one. */
function weekOf(commit: Commit): number {
  return Math.floor((seconds(commit) - 3 * daySeconds) / weekSeconds) * weekSeconds + 3 * daySeconds;
}

function weeksOf(commits: Commit[]): number[] {
  return [...new Set(commits.map(weekOf))].sort((a, b) => a - b);
}

function lastYear(now: number): number[] {
  const current = Math.floor((now - 3 * daySeconds) / weekSeconds) * weekSeconds + 3 * daySeconds;
  return Array.from({ length: 52 }, (_, index) => current - (51 - index) * weekSeconds);
}
