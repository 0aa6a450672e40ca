/** Identifies a server before any secret is sent to it. */

import { type Discovery, discoveryPath, discoverySchema, serviceName } from "../../shared/discovery.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { isObject, parseJson } from "../../shared/parse-json.ts";
import { parseServer } from "../../shared/settings/relay-address.ts";
import { isNewer, version } from "../../shared/version.ts";
import type { Fetched } from "../fetch-direct.ts";
import type { Io } from "../io.ts";
import { humanText } from "../output/text.ts";
import { send } from "../relay/client.ts";

interface DiscoveryPolicy {
  /** The API may be on another host than the named one. */
  readonly trustRedirect: boolean;
  readonly allowInsecure: boolean;
}

/** Time for the first contact, in milliseconds. */
const discoveryTimeoutMs = 10_000;

/**
 * @returns the server's description, its `api_base` checked and reduced to an origin.
 * @throws OctopoolError `discovery_invalid`, `discovery_redirected`, `cli_outdated`, `insecure_server`, or the network's.
 */
export async function discover(
  io: Pick<Io, "fetch" | "signal">,
  server: string,
  policy: DiscoveryPolicy,
): Promise<Discovery> {
  const { response, text } = await send(io, { server, path: discoveryPath, timeoutMs: discoveryTimeoutMs });
  if (response.status >= 300 && response.status < 400)
    throw notARelay(
      server,
      `it redirects to ${redirectHost(response, server)}`,
      "Log in to that address if you trust it.",
    );
  if (!response.ok) throw notARelay(server, `it answered ${response.status}`);
  const found = discoverySchema.safeParse(parseJson(text));
  if (!found.success) throw notARelay(server, serviceProblem(parseJson(text)));
  const discovery = { ...found.data, api_base: parseServer(found.data.api_base, policy.allowInsecure) };
  if (discovery.api_base !== server && !policy.trustRedirect)
    throw new OctopoolError("discovery_redirected", `${server} wants your token sent to ${discovery.api_base}.`, {
      hint: `If that is right, log in to ${discovery.api_base} itself, or add --trust-discovery-redirect.`,
    });
  // Sources that run unbuilt have no release to compare.
  if (!version.endsWith("-source") && isNewer(discovery.min_cli_version, version))
    throw new OctopoolError(
      "cli_outdated",
      `${server} needs octopool ${humanText(discovery.min_cli_version)} or later; this is ${version}.`,
      { hint: "Update: npm install -g octopool@latest" },
    );
  return discovery;
}

function serviceProblem(value: unknown): string {
  const service = isObject(value) ? value.service : undefined;
  if (service === undefined) return "its discovery document is not one";
  if (service !== serviceName) return `it says it is "${humanText(String(service))}"`;
  return "its discovery document has another form";
}

function redirectHost(response: Fetched, server: string): string {
  const location = response.headers.get("location") ?? "";
  return URL.canParse(location, server) ? new URL(location, server).origin : "nowhere";
}

function notARelay(server: string, why: string, hint = "Check the address."): OctopoolError {
  return new OctopoolError("discovery_invalid", `${server} is not an Octopool relay: ${why}.`, { hint });
}
