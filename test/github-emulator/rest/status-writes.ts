import * as z from "zod";
import { created, failure, notFound, ok, type RepositoryRoutes } from "../http.ts";
import { commitStatus } from "../render/actions.ts";
import { release } from "../render/releases.ts";
import { nodeId } from "../world/ids.ts";
import type { Release } from "../world/model.ts";
import { write } from "./writes.ts";

const newStatus = z.object({
  state: z.enum(["success", "failure", "error", "pending"]),
  context: z.string().default("default"),
  description: z.string().nullable().default(null),
  target_url: z.string().nullable().default(null),
});

const releaseFields = z.object({
  tag_name: z.string().optional(),
  name: z.string().optional(),
  body: z.string().optional(),
  draft: z.boolean().optional(),
  prerelease: z.boolean().optional(),
  target_commitish: z.string().optional(),
});

/** Writes to commit statuses and releases. */
export const statusWrites: RepositoryRoutes = {
  "POST /statuses/:sha": write(newStatus, (call, body, actor) => {
    const commit = call.repository.commits.get(call.params.sha ?? "");
    if (!commit)
      return failure(422, `No commit found for SHA: ${call.params.sha}`, "/commits/statuses#create-a-commit-status");
    const id = call.world.ids.timed("status", call.now);
    const status = {
      id,
      node_id: nodeId("SC", call.repository.id, id),
      ...body,
      creator: actor,
      created_at: call.now,
      updated_at: call.now,
    };
    commit.statuses.push(status);
    return created(commitStatus(call.repository, commit.sha, status));
  }),
  "POST /releases": write(releaseFields.extend({ tag_name: z.string() }), (call, body, author) => {
    const { repository, world } = call;
    const id = world.ids.timed("release", call.now);
    const draft = body.draft ?? false;
    const made: Release = {
      id,
      node_id: nodeId("RE", repository.id, id),
      tag: body.tag_name,
      name: body.name ?? null,
      body: body.body ?? null,
      draft,
      prerelease: body.prerelease ?? false,
      immutable: false,
      latest: null,
      target: body.target_commitish ?? repository.default_branch,
      author,
      created_at: call.now,
      published_at: draft ? null : call.now,
      updated_at: call.now,
      assets: [],
      reactions: {},
    };
    repository.releases.push(made);
    return created(release(repository, made), `https://api.github.com/repos/${repository.full_name}/releases/${id}`);
  }),
  "PATCH /releases/:id": write(releaseFields, (call, body) => {
    const found = call.repository.releases.find((each) => each.id === Number(call.params.id));
    if (!found) return notFound("/releases/releases#update-a-release");
    found.tag = body.tag_name ?? found.tag;
    found.name = body.name ?? found.name;
    found.body = body.body ?? found.body;
    found.prerelease = body.prerelease ?? found.prerelease;
    if (body.draft === false && found.draft) found.published_at = call.now;
    found.draft = body.draft ?? found.draft;
    found.updated_at = call.now;
    return ok(release(call.repository, found));
  }),
  "DELETE /releases/:id": write(z.unknown(), (call) => {
    const before = call.repository.releases.length;
    call.repository.releases = call.repository.releases.filter((each) => each.id !== Number(call.params.id));
    return call.repository.releases.length < before
      ? { status: 204, body: "", type: "" }
      : notFound("/releases/releases#delete-a-release");
  }),
};
