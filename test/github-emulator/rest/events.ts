import { apiUrl } from "../http.ts";
import { avatar } from "../render/accounts.ts";
import { issueItem } from "../render/threads.ts";
import type { Account, PublicEvent, Repository } from "../world/model.ts";

/** The events of a repository, newest first: those that the world lists, and openings and closings of threads. */
export function repositoryEvents(repository: Repository): PublicEvent[] {
  return [...repository.events, ...derived(repository)]
    .sort((a, b) => b.created_at.localeCompare(a.created_at) || b.id - a.id)
    .slice(0, 300);
}

function derived(repository: Repository): PublicEvent[] {
  return [...repository.threads.values()].flatMap((thread) => {
    const type = thread.kind === "pull" ? "PullRequestEvent" : "IssuesEvent";
    const event = (actor: Account | null, action: string, created_at: string, offset: number): PublicEvent[] =>
      actor
        ? [
            {
              id: 20_000_000_000 + thread.issue_id * 2 + offset,
              type,
              actor,
              repository,
              public: !repository.private,
              created_at,
              payload: { action, number: thread.number, issue: issueItem(thread) },
            },
          ]
        : [];
    return [
      ...event(thread.author, "opened", thread.created_at, 0),
      ...(thread.closed_at ? event(thread.closed_by, "closed", thread.closed_at, 1) : []),
    ];
  });
}

export function publicEvent(event: PublicEvent): object {
  const { actor, repository } = event;
  return {
    id: String(event.id),
    type: event.type,
    actor: {
      id: actor.id,
      login: actor.login,
      display_login: actor.login,
      gravatar_id: "",
      url: `${apiUrl}/users/${encodeURIComponent(actor.login)}`,
      avatar_url: avatar(actor),
    },
    repo: { id: repository.id, name: repository.full_name, url: `${apiUrl}/repos/${repository.full_name}` },
    payload: event.payload,
    public: event.public,
    created_at: event.created_at,
  };
}
