import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { startGitHub } from "./server.ts";
import { demoPath, loadWorld } from "./world/load.ts";
import { worldJsonSchema } from "./world/schema.ts";

const usage = `Usage: npm run github-emulator -- [options]

  --world FILE|DIR      a world, or a directory of worlds that are put together (default: the demo world)
  --recorded FILE       recorded exchanges (.jsonl), served before the world; without --world alone, with any token
  --port N              TCP port on 127.0.0.1 (default: one that is free, unless --socket is given)
  --socket PATH         unix socket
  --app-key [SLUG=]FILE PEM public key of an App (may be repeated)
  --points-per-minute N secondary limit (GitHub has 900; default: off)
  --hooks URL           deliver events there, as the webhook of every App
  --hook-secret SECRET  sign them with it
  --hook-delay MS       each arrives up to so many milliseconds late, so that they come in any order
  --hook-drop N         of a hundred deliveries, lose so many
  --hook-double N       of a hundred deliveries, send so many twice
  --replica-lag MS      reads over REST see what was so long ago
  --print-schema        print the world format as JSON Schema
  --help
`;

function appKeys(options: string[], slugs: string[]): Record<string, string> {
  return Object.fromEntries(
    options.map((option) => {
      const [, slug = slugs[0] ?? "", file = ""] = /^(?:([^=]+)=)?(.+)$/.exec(option) ?? [];
      return [slug, readFileSync(file, "utf8")];
    }),
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      world: { type: "string" },
      recorded: { type: "string" },
      port: { type: "string" },
      socket: { type: "string" },
      "app-key": { type: "string", multiple: true, default: [] },
      "points-per-minute": { type: "string" },
      hooks: { type: "string" },
      "hook-secret": { type: "string", default: "" },
      "hook-delay": { type: "string", default: "0" },
      "hook-drop": { type: "string", default: "0" },
      "hook-double": { type: "string", default: "0" },
      "replica-lag": { type: "string", default: "0" },
      "print-schema": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(usage);
  if (values["print-schema"]) return void process.stdout.write(`${JSON.stringify(worldJsonSchema(), null, 2)}\n`);
  const alone = values.recorded !== undefined && values.world === undefined;
  const world = alone ? undefined : loadWorld(values.world ?? demoPath);
  const slugs = (world?.apps ?? []).map((app) => app.slug);
  const github = await startGitHub({
    world,
    recorded: values.recorded,
    port: values.port === undefined ? undefined : Number(values.port),
    socket: values.socket,
    appKeys: appKeys(values["app-key"], slugs),
    hooks:
      values.hooks === undefined
        ? undefined
        : {
            url: values.hooks,
            secret: values["hook-secret"],
            fate: () => ({
              delay: Math.random() * Number(values["hook-delay"]),
              lost: Math.random() * 100 < Number(values["hook-drop"]),
              copies: Math.random() * 100 < Number(values["hook-double"]) ? 2 : 1,
            }),
          },
    replicaLag: Number(values["replica-lag"]),
    pointsPerMinute: values["points-per-minute"] === undefined ? undefined : Number(values["points-per-minute"]),
  });
  process.stdout.write(`github-emulator ready ${[github.url, github.socket].filter(Boolean).join(" ")}\n`);
  const stop = () => void github.close();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

try {
  await main();
} catch (error) {
  const message =
    error instanceof z.ZodError
      ? `the world does not follow the schema:\n${z.prettifyError(error)}`
      : error instanceof Error
        ? error.message
        : String(error);
  process.stderr.write(`github-emulator: ${message}\n`);
  process.exitCode = 1;
}
