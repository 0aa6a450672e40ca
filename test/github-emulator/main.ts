import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import * as z from "zod";
import { githubsPoints } from "./secondary.ts";

const usage = `Usage: npm run github-emulator -- [options]

  --world FILE|DIR      a world, or a directory of worlds that are put together (default: the demo world)
  --recorded FILE       recorded exchanges (.jsonl), served before the world; without --world alone, with any token
  --port N              TCP port on 127.0.0.1 (default: one that is free, unless --socket is given)
  --socket PATH         unix socket
  --app-key [SLUG=]FILE PEM public key of an App (may be repeated)
  --points-per-minute N secondary limit (GitHub has ${githubsPoints}; default: off)
  --hooks URL           deliver events there, as the webhook of every App
  --hook-secret SECRET  sign them with it
  --hook-delay MS       each arrives up to so many milliseconds late, so that they come in any order
  --hook-drop N         of a hundred deliveries, lose so many
  --hook-double N       of a hundred deliveries, send so many twice
  --replica-lag MS      reads over REST see the world of so long ago
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

/** @throws Error that names the option */
function numberOf(text: string | undefined, option: string, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new Error(`${option} must be a whole number from ${least} to ${most}, not "${text}".`);
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
  if (values["print-schema"]) {
    const { worldJsonSchema } = await import("./world/schema.ts");
    return void process.stdout.write(`${JSON.stringify(worldJsonSchema(), null, 2)}\n`);
  }
  const port = numberOf(values.port, "--port", 0, 65_535);
  const hookDelay = numberOf(values["hook-delay"], "--hook-delay", 0, 3_600_000) ?? 0;
  const hookDrop = numberOf(values["hook-drop"], "--hook-drop", 0, 100) ?? 0;
  const hookDouble = numberOf(values["hook-double"], "--hook-double", 0, 100) ?? 0;
  const replicaLag = numberOf(values["replica-lag"], "--replica-lag", 0, 600_000);
  const pointsPerMinute = numberOf(values["points-per-minute"], "--points-per-minute", 1, 1_000_000);
  // Loaded once the arguments are right, and the server once there is a world.
  const { demoPath, loadWorld } = await import("./world/load.ts");
  const alone = values.recorded !== undefined && values.world === undefined;
  const world = alone ? undefined : loadWorld(values.world ?? demoPath);
  const slugs = (world?.apps ?? []).map((app) => app.slug);
  const { startGitHub } = await import("./server.ts");
  const github = await startGitHub({
    world,
    recorded: values.recorded,
    port,
    socket: values.socket,
    appKeys: appKeys(values["app-key"], slugs),
    hooks:
      values.hooks === undefined
        ? undefined
        : {
            url: values.hooks,
            secret: values["hook-secret"],
            fate: () => ({
              delay: Math.random() * hookDelay,
              lost: Math.random() * 100 < hookDrop,
              copies: Math.random() * 100 < hookDouble ? 2 : 1,
            }),
          },
    replicaLag,
    pointsPerMinute,
  });
  process.stdout.write(`github-emulator ready ${[github.url, github.socket].filter(Boolean).join(" ")}\n`);
  const stop = () => void github.close();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

// A reader that has closed the pipe is no reason to stop serving.
process.stdout.on("error", () => undefined);

function sentence(error: Error): string {
  const code = "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return "the port or socket is taken by another program; choose another one";
  if (code === "ENOENT" && "path" in error) return `there is no file ${String(error.path)}`;
  return error.message;
}

try {
  await main();
} catch (error) {
  const message =
    error instanceof z.ZodError
      ? `the world does not follow the schema:\n${z.prettifyError(error)}`
      : error instanceof Error
        ? sentence(error)
        : String(error);
  process.stderr.write(`github-emulator: ${message}\n`);
  process.exitCode = 1;
}
