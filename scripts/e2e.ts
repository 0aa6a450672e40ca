/**
 * `npm run e2e`: asks a live deployment without a credential, and checks that it refuses the rest. It needs no account
 * and changes nothing.
 *
 * The host comes from OCTOPOOL_E2E_HOST: `octopool.example.org`, or an origin such as `http://127.0.0.1:8787`.
 */
import { answerHelp, readArguments, runScript, UsageError } from "./script.ts";
import { smoke } from "./smoke.ts";

answerHelp(`Usage: OCTOPOOL_E2E_HOST=relay.example.org npm run e2e

Asks a live relay without a credential, and checks that it refuses the rest. Needs no account, changes nothing.
OCTOPOOL_E2E_HOST is its host, or an origin such as http://127.0.0.1:8787.
`);

const origin = readArguments("e2e", () => {
  const host = process.env.OCTOPOOL_E2E_HOST;
  const example = "such as OCTOPOOL_E2E_HOST=relay.example.org";
  if (!host) throw new UsageError(`set OCTOPOOL_E2E_HOST to the relay's host, ${example}`);
  const url = URL.parse(host.includes("://") ? host : `https://${host}`);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`OCTOPOOL_E2E_HOST is not a host: "${host}". Set one ${example}`);
  return url.origin;
});

await runScript("e2e", async () => ((await smoke(origin, console.log)) ? 0 : 1));
