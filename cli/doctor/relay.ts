/** Checks of the connection to the relay and of its answers. The checks that read one answer share its request. */

import { discoveryPath, discoverySchema } from "../../shared/discovery.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { once } from "../../shared/once.ts";
import { parseJson } from "../../shared/parse-json.ts";
import {
  type Connection,
  type ConnectionFlags,
  readConnection,
  resolveTarget,
} from "../../shared/settings/connection.ts";
import { settingsPath } from "../../shared/settings/paths.ts";
import { readSaved } from "../../shared/settings/saved.ts";
import { type PoolHealth, poolHealthPath, poolHealthSchema } from "../../shared/stats.ts";
import { isNewer, version } from "../../shared/version.ts";
import type { Fetched } from "../fetch-direct.ts";
import { describeEvents } from "../health/events.ts";
import type { Io } from "../io.ts";
import { duration, humanText, plural } from "../output/text.ts";
import { request, send } from "../relay/client.ts";
import { withLoginHint } from "../relay/login-hint.ts";
import { type Check, type Finding, failure, ok, skipped, warning } from "./check.ts";

/** Seconds: a smaller difference does not affect token expiries and cache ages. */
const toleratedSkew = 30;
/** Milliseconds: slower than this, a read through the relay is slower than GitHub itself. */
const slowMs = 1500;

interface Contact {
  readonly response: Fetched;
  readonly text: string;
  /** Milliseconds. */
  readonly took: number;
  /** When the answer came, milliseconds since the epoch. */
  readonly at: number;
}

export function relayChecks(io: Io, flags: ConnectionFlags): readonly Check[] {
  const section = "Relay";
  const contact = once(() => reach(io, serverOf(io, flags)));
  const connection = once(() => readConnection({ env: io.env, flags }));
  const health = once(async () => askHealth(io, flags, await connection()));
  return [
    { section, name: "server", look: () => checkServer(serverOf(io, flags), contact) },
    { section, name: "clock", look: async () => describeClock(await contact().catch(() => undefined)) },
    { section, name: "login", look: async () => describeLogin(io, await connection(), health) },
    { section, name: "events", look: async () => describeFeed(io, await connection(), health) },
    { section, name: "pool", look: async () => describePool(await connection(), health) },
  ];
}

function serverOf(io: Io, flags: ConnectionFlags): string {
  return resolveTarget({ env: io.env, flags }, readSaved(settingsPath(io.env))).server;
}

async function reach(io: Io, server: string): Promise<Contact> {
  const began = performance.now();
  const { response, text } = await send(io, { server, path: discoveryPath, timeoutMs: 10_000 });
  return { response, text, took: Math.round(performance.now() - began), at: io.now() };
}

async function checkServer(server: string, contact: () => Promise<Contact>): Promise<Finding> {
  try {
    return describeServer(server, await contact());
  } catch (error) {
    if (!(error instanceof OctopoolError)) throw error;
    return failure(
      error.message,
      "Check the address, the network, and HTTPS_PROXY; until then gh runs on your own rate limit.",
    );
  }
}

function describeServer(server: string, { response, text, took }: Contact): Finding {
  const found = discoverySchema.safeParse(parseJson(text));
  if (!response.ok || !found.success)
    return failure(
      `${server} is not a relay (it answered ${response.status})`,
      "Check OCTOPOOL_URL, or log in to the right one.",
    );
  const { min_cli_version: oldest } = found.data;
  if (!version.endsWith("-source") && isNewer(oldest, version))
    return failure(`${server} needs octopool ${humanText(oldest)}; this is ${version}`, "Update octopool.");
  if (took > slowMs)
    return warning(`${server} answers, slowly: ${took} ms`, "Check the network or the proxy on the way.");
  return ok(`${server} answers in ${took} ms`);
}

function describeClock(contact: Contact | undefined): Finding {
  if (contact === undefined) return skipped("the relay could not be asked");
  const { response, at } = contact;
  const theirs = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(theirs)) return skipped("the relay sent no Date header, so the clocks were not compared");
  const skew = (at - theirs) / 1000;
  if (Math.abs(skew) <= toleratedSkew) return ok("agrees with the relay's");
  return failure(
    `${duration(Math.abs(skew))} ${skew > 0 ? "ahead of" : "behind"} the relay's`,
    "Set this machine's clock; ages and expiries depend on it.",
  );
}

type Health = () => Promise<PoolHealth | OctopoolError>;

async function describeLogin(io: Io, connection: Connection | undefined, health: Health): Promise<Finding> {
  if (connection === undefined)
    return failure("you are not logged in", "Run `octopool login ADDRESS` with the address of your team's relay.");
  const answer = await health();
  if (answer instanceof OctopoolError) {
    const refused = answer.httpStatus === 401 || answer.httpStatus === 403;
    return refused ? failure(answer.message, answer.hint) : skipped("the relay could not be asked");
  }
  const saved = readSaved(settingsPath(io.env));
  const login = io.env.OCTOPOOL_TOKEN || saved === undefined ? "by OCTOPOOL_TOKEN" : `as ${humanText(saved.login)}`;
  return ok(`${login}, this machine is ${humanText(connection.clientName)}`);
}

async function describePool(connection: Connection | undefined, health: Health): Promise<Finding> {
  if (connection === undefined) return skipped("not logged in");
  const answer = await health();
  if (answer instanceof OctopoolError) {
    if (answer.exitCode === 4) return skipped("not known without a login that works");
    // The server's own line reports it: one thing to repair, not two.
    const unreachable = answer.code === "relay_unreachable" || answer.code === "relay_timeout";
    return unreachable ? skipped("the relay could not be asked") : failure(answer.message, answer.hint);
  }
  const { identities_healthy: healthy, identities_total: total } = answer;
  const text = `${humanText(connection.pool)}: ${healthy} of ${plural(total, "identity", "identities")} healthy`;
  if (total === 0) return failure(text, "Its operator adds one: `octopool admin identity add`.");
  if (healthy === 0) return failure(text, "See `octopool health`; reads run through your own gh meanwhile.");
  return healthy < total ? warning(text, "See `octopool health`.") : ok(text);
}

async function describeFeed(io: Io, connection: Connection | undefined, health: Health): Promise<Finding> {
  if (connection === undefined) return skipped("not logged in");
  const answer = await health();
  if (answer instanceof OctopoolError) return skipped("the relay could not be asked");
  if (answer.events === undefined) return skipped("this relay does not report whether it gets events");
  const { text, hint } = describeEvents(answer.events, io.now());
  return hint === undefined ? ok(text) : warning(text, hint);
}

/** A refusal is a finding for two checks; anything else that is thrown is a defect. */
async function askHealth(
  io: Io,
  flags: ConnectionFlags,
  connection: Connection | undefined,
): Promise<PoolHealth | OctopoolError> {
  if (connection === undefined) return new OctopoolError("not_logged_in", "Not logged in.");
  try {
    return await request(io, { ...connection, path: poolHealthPath(connection.pool) }, poolHealthSchema);
  } catch (error) {
    if (error instanceof OctopoolError) return withLoginHint(error, io.env, flags);
    throw error;
  }
}
