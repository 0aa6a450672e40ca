import { permissionOn } from "../auth.ts";
import type { RepositoryCall } from "../http.ts";
import { user } from "../render/accounts.ts";
import { gitCommit } from "../render/commits.ts";
import { repositoryItem } from "../render/repositories.ts";
import { issueComment, issueEvent, issueItem, review } from "../render/threads.ts";
import type { Issue, IssueEvent, Pull } from "../world/model.ts";

type Thread = Issue | Pull;

interface Entry {
  at: string;
  /** The order of events in the same second. */
  rank: number;
  body: object;
}

/** Commits, reviews, comments and events of a thread in one list, oldest first. */
export function timeline(call: RepositoryCall, thread: Thread): object[] {
  const entries: Entry[] = thread.comments.map((comment) => ({
    at: comment.created_at,
    rank: 3,
    body: { ...issueComment(thread, comment), event: "commented", actor: user(comment.author) },
  }));
  for (const event of thread.events) {
    const body = event.event === "cross-referenced" ? crossReference(call, event) : issueEvent(call.repository, event);
    if (body) entries.push({ at: event.created_at, rank: 4, body });
  }
  if (thread.kind === "pull") {
    for (const commit of thread.commits) {
      entries.push({
        at: commit.committer.date,
        rank: 1,
        body: { ...gitCommit(call.repository, commit), event: "committed" },
      });
    }
    for (const each of thread.reviews) {
      if (each.state === "PENDING") continue;
      const { state } = each;
      entries.push({
        at: each.submitted_at,
        rank: 2,
        body: { ...review(thread, each), state: state.toLowerCase(), event: "reviewed" },
      });
    }
  }
  return entries.sort((a, b) => a.at.localeCompare(b.at) || a.rank - b.rank).map((entry) => entry.body);
}

/** Names another thread, which may be private: then only users who can see it get the entry. */
function crossReference(call: RepositoryCall, event: IssueEvent): object | null {
  const [name = "", number] = (event.source ?? "").split("#");
  const repository = call.world.repositories.get(name.toLowerCase()) ?? call.repository;
  const source = repository.threads.get(Number(number));
  if (!source || permissionOn(call.world, call.viewer, repository) === null) return null;
  return {
    actor: user(event.actor),
    created_at: event.created_at,
    updated_at: event.created_at,
    source: {
      type: "issue",
      issue: { ...issueItem(source), repository: repositoryItem(call.world, repository) },
    },
    event: "cross-referenced",
  };
}
