/** The addresses that may be a relay's. */

import { OctopoolError } from "../errors.ts";
import { isLoopback } from "../loopback.ts";

/**
 * The origin of a relay, without a trailing slash. Only https may carry a token; plain http is for this very machine.
 * @throws OctopoolError `insecure_server` for anything else, unless `allowInsecure`.
 */
export function parseServer(address: string, allowInsecure: boolean): string {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`;
  if (!URL.canParse(text)) throw refused(address, "is not a web address");
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refused(address, "is not a web address");
  if (url.username !== "" || url.password !== "") throw refused(url.host, "must not carry a name or password");
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "")
    throw refused(address, "must be a host without a path");
  if (url.protocol === "http:" && !isLoopback(url.hostname) && !allowInsecure)
    throw new OctopoolError("insecure_server", `${url.origin} would send your token unencrypted.`, {
      hint: `Use https://${url.host}; for development only, set OCTOPOOL_ALLOW_INSECURE_LOGIN=1.`,
    });
  return url.origin;
}

function refused(address: string, why: string): OctopoolError {
  return new OctopoolError("insecure_server", `The relay's address "${address}" ${why}.`, {
    hint: "Give an address such as https://relay.example.org.",
  });
}
