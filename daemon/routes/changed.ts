/**
 * `POST /changed`: waits until a tag of a repository changes, or the time is over, and reports which.
 * `repo=owner/name`, `tag=…` and `family=…` (each repeated), `seconds=`, the wait where no events arrive, `most=`, the
 * longest in any case, and `since=`, the `at` of the answer before. For scripts that would otherwise poll: they call
 * once with `seconds=0`, read, and wait with the `at` of that answer, so that no event is missed between.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { OctopoolError } from "../../shared/errors.ts";
import { families } from "../../shared/events/families.ts";
import { isElsewhere, repositoryNamed } from "../freshness/named-repositories.ts";
import type { DaemonWorld } from "../world.ts";
import { bodyOf } from "./body.ts";
import { goneSignal } from "./gone.ts";
import { sendJson } from "./send-json.ts";

/** Seconds. */
const longestWait = 600;
/** Events that come together are one change, ms. */
const atLeastMs = 1_000;

export async function handleChanged(
  request: IncomingMessage,
  response: ServerResponse,
  world: DaemonWorld,
): Promise<void> {
  const form = new URLSearchParams(await bodyOf(request));
  const named = repositoryNamed(form.get("repo") ?? "");
  const repository = named === undefined || isElsewhere(named) ? undefined : named;
  const tags = form.getAll("tag");
  const seconds = Number(form.get("seconds") ?? "30");
  const most = Number(form.get("most") ?? longestWait);
  const valid = [seconds, most].every((each) => Number.isFinite(each) && each >= 0 && each <= longestWait);
  if (repository === undefined || tags.length === 0 || !valid) {
    throw new OctopoolError(
      "invalid_request",
      "This needs `repo=owner/name`, one `tag=` or more, and `seconds=` and `most=` up to 600.",
    );
  }
  const gone = goneSignal(response);
  const known = await world.connections.of(world.env).catch(() => undefined);
  const asked = families.filter((family) => form.getAll("family").includes(family));
  const login = known?.id ?? "";
  const toldAt = () => world.freshness.heard.at(login, repository, tags);
  const watch = world.events.watch(login, repository, tags, asked);
  try {
    const since = form.get("since");
    const bounds = { atLeast: atLeastMs, otherwise: seconds * 1000, atMost: most * 1000 };
    const missed = since !== null && toldAt() > Number(since);
    const changed = missed || (await watch.wait(bounds, gone));
    sendJson(response, 200, { changed, at: toldAt() });
  } catch (error) {
    if (!gone.aborted) throw error;
  } finally {
    watch.close();
  }
}
