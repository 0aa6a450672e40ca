import { failure, notFound, ok, type RepositoryCall, type RepositoryRoutes } from "../http.ts";
import { mediaType } from "../media.ts";
import { team, user } from "../render/accounts.ts";
import { changedFile, commitItem } from "../render/commits.ts";
import { diffOf, patchOf } from "../render/diffs.ts";
import { pullItem, pullView, review, reviewComment } from "../render/threads.ts";
import type { Pull, Review, ReviewComment } from "../world/model.ts";
import { pullOf, reactionEntries, repositoryPage, sorted } from "./common.ts";

const missingDocs = "/pulls/pulls#get-a-pull-request";

function onPull(
  handle: (call: RepositoryCall, pull: Pull) => ReturnType<RepositoryRoutes[string]>,
): RepositoryRoutes[string] {
  return (call) => {
    const pull = pullOf(call);
    return pull ? handle(call, pull) : notFound(missingDocs);
  };
}

/** Reading pull requests. */
export const pullRoutes: RepositoryRoutes = {
  "GET /pulls": list,
  "GET /pulls/:number": onPull((call, pull) => {
    if (call.media.format === "diff") return { status: 200, body: diffOf(pull.files), type: mediaType("diff") };
    if (call.media.format === "patch")
      return { status: 200, body: patchOf(pull.commits, pull.files), type: mediaType("patch") };
    return ok(pullView(call.world, pull), pull.updated_at);
  }),
  "GET /pulls/:number/files": onPull((call, pull) =>
    repositoryPage(call, pull.files, (file) => changedFile(call.repository, pull.head.sha, file)),
  ),
  "GET /pulls/:number/commits": onPull((call, pull) =>
    repositoryPage(call, pull.commits, (commit) => commitItem(call.repository, commit)),
  ),
  "GET /pulls/:number/merge": onPull((_call, pull) =>
    pull.merged
      ? { status: 204, body: "", type: "" }
      : notFound("/pulls/pulls#check-if-a-pull-request-has-been-merged"),
  ),
  "GET /pulls/:number/reviews": onPull((call, pull) =>
    repositoryPage(call, visibleReviews(call, pull), (each) => review(pull, each)),
  ),
  "GET /pulls/:number/reviews/:id": onPull((call, pull) => {
    const found = visibleReviews(call, pull).find((each) => each.id === Number(call.params.id));
    return found ? ok(review(pull, found)) : notFound("/pulls/reviews#get-a-review-for-a-pull-request");
  }),
  "GET /pulls/:number/reviews/:id/comments": onPull((call, pull) => {
    const found = visibleReviews(call, pull).find((each) => each.id === Number(call.params.id));
    return found
      ? repositoryPage(call, found.comments, (each) => reviewComment(pull, each))
      : notFound("/pulls/reviews");
  }),
  "GET /pulls/:number/comments": onPull((call, pull) => commentPage(call, commentsOf(pull), "asc")),
  "GET /pulls/:number/requested_reviewers": onPull((_call, pull) =>
    ok({ users: pull.requested_reviewers.map(user), teams: pull.requested_teams.map(team) }),
  ),
  "GET /pulls/comments": (call) => commentPage(call, pulls(call).flatMap(commentsOf), "asc"),
  "GET /pulls/comments/:id": (call) => {
    const found = findComment(call);
    return found ? ok(reviewComment(found.pull, found.comment), found.comment.updated_at) : notFound("/pulls/comments");
  },
  "GET /pulls/comments/:id/reactions": (call) => {
    const found = findComment(call);
    if (!found) return notFound("/reactions/reactions");
    return repositoryPage(call, reactionEntries(found.comment), ({ id, content, account, created_at }) => ({
      id,
      node_id: `REA_${id}`,
      user: user(account),
      content,
      created_at,
    }));
  },
};

export function pulls(call: RepositoryCall): Pull[] {
  return [...call.repository.threads.values()].filter((thread): thread is Pull => thread.kind === "pull");
}

function list(call: RepositoryCall) {
  const { query } = call;
  const state = query.get("state") ?? "open";
  if (!["open", "closed", "all"].includes(state))
    return failure(422, "Validation Failed", "/pulls/pulls#list-pull-requests");
  const [head, base] = [query.get("head"), query.get("base")];
  const found = pulls(call).filter(
    (pull) =>
      (state === "all" || pull.state === state) &&
      (!base || pull.base.ref === base) &&
      (!head?.includes(":") || `${pull.head.owner?.login}:${pull.head.ref}`.toLowerCase() === head.toLowerCase()),
  );
  const sort = query.get("sort") ?? "created";
  const by = (pull: Pull) =>
    sort === "updated" ? pull.updated_at : sort === "popularity" ? pull.comments.length : pull.created_at;
  const direction = query.get("direction") ?? (query.has("sort") && sort !== "created" ? "asc" : "desc");
  const byNumber = sorted(found, (pull) => pull.number, direction, "desc");
  return repositoryPage(call, sorted(byNumber, by, direction, "desc"), (pull) => pullItem(call.world, pull));
}

/** A pending review is seen by its author alone. */
function visibleReviews({ viewer }: RepositoryCall, pull: Pull): Review[] {
  const own = viewer.kind === "user" ? viewer.account : null;
  return pull.reviews.filter((each) => each.state !== "PENDING" || (own !== null && each.author === own));
}

interface Found {
  pull: Pull;
  comment: ReviewComment;
}

function commentsOf(pull: Pull): Found[] {
  return pull.reviews
    .filter((each) => each.state !== "PENDING")
    .flatMap((each) => each.comments.map((comment) => ({ pull, comment })));
}

function findComment(call: RepositoryCall): Found | undefined {
  return pulls(call)
    .flatMap(commentsOf)
    .find(({ comment }) => comment.id === Number(call.params.id));
}

function commentPage(call: RepositoryCall, items: Found[], otherwise: "asc" | "desc") {
  const since = call.query.get("since") ?? "";
  const recent = items.filter(({ comment }) => comment.updated_at >= since);
  const by = call.query.get("sort") === "updated" ? "updated_at" : "created_at";
  const byId = sorted(recent, ({ comment }) => comment.id, call.query.get("direction"), otherwise);
  return repositoryPage(
    call,
    sorted(byId, ({ comment }) => comment[by], call.query.get("direction"), otherwise),
    ({ pull, comment }) => reviewComment(pull, comment),
  );
}
