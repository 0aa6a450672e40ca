/** From a repository's earlier state to its present one: the events that GitHub would deliver. */
import { minimalRepository } from "../render/repositories.ts";
import type { Repository, World } from "../world/model.ts";
import { type Facts, type HookSubject, subjectsOf } from "./subjects.ts";

/** One event, before it is signed and sent. */
export interface HookEvent {
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

interface Seen {
  readonly facts: Facts;
  readonly text: string;
  readonly event: string;
}

const zeros = "0".repeat(40);
/** GitHub tells of no tags when more than three are made or deleted at once. */
const mostTags = 3;

/** Remembers a world's state, and tells the changes since. */
export class Changes {
  #seen = new Map<number, Map<string, Seen>>();

  look(world: World): HookEvent[] {
    const events: HookEvent[] = [];
    const seen = new Map<number, Map<string, Seen>>();
    for (const repository of world.repositories.values()) {
      const subjects = subjectsOf(world, repository);
      const before = this.#seen.get(repository.id);
      const now = new Map(
        [...subjects].map(([name, { facts, event }]) => [name, { facts, event, text: JSON.stringify(facts) }] as const),
      );
      seen.set(repository.id, now);
      if (before) events.push(...changesOf(repository, { before, now, subjects }));
    }
    this.#seen = seen;
    return events;
  }
}

interface Both {
  readonly before: ReadonlyMap<string, Seen>;
  readonly now: ReadonlyMap<string, Seen>;
  readonly subjects: ReadonlyMap<string, HookSubject>;
}

function changesOf(repository: Repository, { before, now, subjects }: Both): HookEvent[] {
  const about = {
    repository: {
      ...minimalRepository(repository),
      private: repository.private,
      default_branch: repository.default_branch,
      full_name: repository.full_name,
    },
  };
  const events: HookEvent[] = [];
  for (const name of new Set([...now.keys(), ...before.keys()])) {
    const [was, is] = [before.get(name), now.get(name)];
    if (was?.text === is?.text) continue;
    const subject = subjects.get(name);
    const event = is?.event ?? was?.event ?? "";
    for (const told of tell(event, was?.facts, is?.facts)) {
      const payload = subject ? subject.payload() : gone(event, name);
      events.push({ event: told.event ?? event, payload: { ...payload, ...told.more, ...about } });
    }
  }
  const tags = events.filter(({ payload }) => payload.ref_type === "tag");
  return tags.length > mostTags ? events.filter((event) => !tags.includes(event)) : events;
}

/** A deletion is reported with its id. */
function gone(event: string, name: string): Record<string, unknown> {
  const id = Number(name.split(" ").at(-1));
  const member = event === "pull_request_review_comment" || event === "issue_comment" ? "comment" : event;
  return { [member]: { id, number: id } };
}

interface Told {
  /** Another event than the subject's own. */
  readonly event?: string;
  readonly more: Record<string, unknown>;
}

const act = (action: string, more: Record<string, unknown> = {}): Told[] => [{ more: { action, ...more } }];

function tell(event: string, was: Facts | undefined, is: Facts | undefined): Told[] {
  const rule = rules[event];
  if (rule) return rule(was, is);
  return act(was === undefined ? "created" : is === undefined ? "deleted" : "edited");
}

const thread = (was: Facts | undefined, is: Facts | undefined): Told[] => {
  if (!is) return act("deleted");
  if (!was) return act("opened");
  if (was.state !== is.state) return act(is.state === "closed" ? "closed" : "reopened");
  if (was.head !== is.head) return act("synchronize", { before: was.head, after: is.head });
  return act("edited", { changes: was.base === is.base ? {} : { base: { ref: { from: was.base } } } });
};

const byStatus =
  (waiting: string): Rule =>
  (_was, is) =>
    is ? act(is.status === "completed" ? "completed" : is.status === "in_progress" ? "in_progress" : waiting) : [];

type Rule = (was: Facts | undefined, is: Facts | undefined) => Told[];

const rules: Readonly<Record<string, Rule>> = {
  issues: thread,
  pull_request: thread,
  pull_request_review: (was) => act(was ? "edited" : "submitted"),
  workflow_run: byStatus("requested"),
  workflow_job: byStatus("queued"),
  // An App hears only of these two.
  check_run: (was, is) => (is?.status === "completed" ? act("completed") : was ? [] : act("created")),
  status: (_was, is) => (is ? [{ more: {} }] : []),
  push: (was, is) => {
    const name = String(is?.name ?? was?.name);
    const ref = { ref: `refs/heads/${name}`, before: was?.sha ?? zeros, after: is?.sha ?? zeros };
    const made: Told[] = [{ event: is ? "create" : "delete", more: { ref: name, ref_type: "branch" } }];
    return [{ more: ref }, ...(was && is ? [] : made)];
  },
  create: (was, is) => [
    { event: is ? "create" : "delete", more: { ref: String(is?.name ?? was?.name), ref_type: "tag" } },
  ],
  repository: (was, is) => {
    if (!was || !is) return [];
    if (was.visibility !== is.visibility) return act(is.visibility === "public" ? "publicized" : "privatized");
    if (was.full_name !== is.full_name)
      return act("renamed", { changes: { repository: { name: { from: String(was.full_name).split("/")[1] } } } });
    const changes = was.default_branch === is.default_branch ? {} : { default_branch: { from: was.default_branch } };
    return act(was.archived === is.archived ? "edited" : is.archived ? "archived" : "unarchived", { changes });
  },
};
