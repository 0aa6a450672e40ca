/**
 * `POST /written`: another tool reports a write; `repo=owner/name` (repeated), or `cwd=…`, or neither for everything.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { OctopoolError } from "../../shared/errors.ts";
import { commonGitDirectory, remoteRepositories } from "../freshness/git-directory.ts";
import { repositoryNamed } from "../freshness/named-repositories.ts";
import type { DaemonWorld } from "../world.ts";
import { bodyOf } from "./body.ts";
import { sendJson } from "./send-json.ts";

export async function handleWritten(
  request: IncomingMessage,
  response: ServerResponse,
  world: DaemonWorld,
): Promise<void> {
  const form = new URLSearchParams(await bodyOf(request));
  const named = form.getAll("repo").map((place) => {
    const repository = repositoryNamed(place);
    if (repository !== undefined) return repository;
    throw new OctopoolError("invalid_request", `${JSON.stringify(place)} is not \`owner/name\` or an address of one.`);
  });
  const directory = form.has("cwd") ? commonGitDirectory(form.get("cwd") ?? "") : undefined;
  const repositories = [...named, ...(directory === undefined ? [] : remoteRepositories(directory))];
  world.freshness.memory.mark(repositories);
  sendJson(response, 200, { marked: repositories.length > 0 ? repositories : "everything" });
}
