/**
 * `npm run e2e`: asks a live deployment without a credential, and checks that it refuses the rest. It needs no account
 * and changes nothing.
 *
 * The host comes from OCTOPOOL_E2E_HOST: `octopool.example.org`, or an origin such as `http://127.0.0.1:8787`.
 */
import { parseArgs } from "node:util";
import { runScript, UsageError } from "./script.ts";
import { smoke } from "./smoke.ts";

const usage = `Usage: OCTOPOOL_E2E_HOST=relay.example.org npm run e2e

Asks a live relay without a credential, and checks that it refuses the rest. Needs no account, changes nothing.
OCTOPOOL_E2E_HOST is its host, or an origin such as http://127.0.0.1:8787.
`;

function originOf(host: string | undefined): string {
  const example = "such as OCTOPOOL_E2E_HOST=relay.example.org";
  if (!host) throw new UsageError(`set OCTOPOOL_E2E_HOST to the relay's host, ${example}`);
  const url = URL.parse(host.includes("://") ? host : `https://${host}`);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`OCTOPOOL_E2E_HOST is not a host: "${host}". Set one ${example}`);
  return url.origin;
}

await runScript("e2e", async () => {
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h", default: false } } });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  return (await smoke(originOf(process.env.OCTOPOOL_E2E_HOST), console.log)) ? 0 : 1;
});
