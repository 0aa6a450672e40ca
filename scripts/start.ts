/** `npm start`: the demo's GitHub, relay and pool, kept running for use by hand from another terminal. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { isPortTaken, portNumber, runScript } from "./script.ts";
import { octopoolBundle } from "./stack/machine.ts";

/** Where the relay listens unless PORT says otherwise: wrangler's own default. */
const usualPort = "8787";

/** A directory with an `octopool` that runs under this very Node, in any shell, with any other `node` elsewhere. */
async function programDirectory(directory: string): Promise<string> {
  const place = join(directory, "bin");
  await mkdir(place, { recursive: true });
  const words = [process.execPath, octopoolBundle].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  await writeFile(join(place, "octopool"), `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`, { mode: 0o755 });
  return place;
}

const usage = `Usage: [PORT=${usualPort}] npm start

Keeps the demo's emulated GitHub, relay and pool running, and prints how another terminal uses them. Ctrl-C stops it.
PORT is where the relay listens.
`;

async function start(): Promise<number> {
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h", default: false } } });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const port = portNumber(process.env.PORT || usualPort, "PORT");
  // Loaded once the port is one: GitHub and the relay's runtime take most of a second.
  const { emulatedScenario } = await import("./demo/emulated.ts");
  const { startStack } = await import("./stack/index.ts");
  // Listened for from the beginning and to the end: a signal without a listener would end the process before its
  // files are removed.
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop());
  const scenario = await emulatedScenario();
  try {
    const stack = await startStack(scenario, { port }).catch((error: unknown) => {
      if (!isPortTaken(error)) throw error;
      throw new Error(`port ${port} is taken. Choose another: PORT=${port === 8790 ? 8791 : 8790} npm start`);
    });
    try {
      const machine = await stack.machine("by-hand", scenario.ghEnvironment);
      const account = JSON.parse(new TextDecoder().decode((await machine.run(["whoami", "--json"])).stdout));
      await machine.run(["admin", "caller", "grant-dashboard", account.login], {
        OCTOPOOL_ADMIN_TOKEN: stack.operator.adminToken,
      });
      process.stdout.write(`
GitHub (emulated)  ${scenario.githubApi}
Relay              ${stack.relay.url}   pool maintainers, ${scenario.identities.length} identities

In another terminal, which then sees nothing of your own logins:

  export HOME=${machine.env.HOME} XDG_CONFIG_HOME=${machine.env.XDG_CONFIG_HOME} \\
         XDG_RUNTIME_DIR=${machine.env.XDG_RUNTIME_DIR} OCTOPOOL_CREDENTIAL_STORE=file \\
         GH_CONFIG_DIR=${machine.env.GH_CONFIG_DIR} GH_TOKEN=${scenario.loginToken}
  export PATH=${await programDirectory(machine.directory)}:"$PATH"

  octopool gh pr list -R lumen-labs/lantern
  octopool gh pr view 2 -R lumen-labs/lantern --json title,labels
  octopool stats
  octopool whoami                      # logged in already; octopool login ${stack.relay.url} does it again

The dashboard, where the emulated GitHub signs you in as ${account.login}: ${stack.relay.url}/dashboard

The operator's token, for octopool admin:

  export OCTOPOOL_ADMIN_TOKEN=${stack.operator.adminToken}

Ctrl-C ends it and removes all of its files.
`);
      await stopped;
    } finally {
      await stack.close();
    }
  } finally {
    await scenario.close();
  }
  return 0;
}

await runScript("start", start);
