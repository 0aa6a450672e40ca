import * as z from "zod";
import type { GitHubEngine } from "./engine.ts";
import { applyChange, changeSchema, type WorldChange } from "./mutate.ts";
import type { Incoming, Outgoing } from "./wire.ts";
import { setAppKeys } from "./world/app-keys.ts";
import { buildWorld } from "./world/build.ts";

const match = { method: z.string().optional(), path: z.string().optional(), token: z.string().optional() };
const times = z.int().positive().optional();

type Command = (engine: GitHubEngine, body: unknown) => unknown;

const delay = z.object({ ...match, milliseconds: z.number().nonnegative() });
const hold = z.object(match);
const fail = z.object({ ...match, fault: z.union([z.int().min(400).max(599), z.literal("drop")]), times });
const secondary = z.object({ ...match, retry_after: z.int().nullable().optional(), times });
const limit = z.object({
  token: z.string(),
  resource: z.enum(["core", "search", "code_search", "graphql"]).default("core"),
  remaining: z.int().nonnegative().default(0),
  reset: z.int().optional(),
});

/** `POST /_emulator/<command>` with a JSON body; `GET /_emulator/calls` and `/_emulator/summary` look. */
const commands: Record<string, Command> = {
  "GET calls": (engine) => engine.control.calls,
  "GET summary": (engine) => engine.control.summary(),
  "DELETE calls": (engine) => engine.control.resetCalls(),
  "POST reset": (engine) => {
    engine.control.reset();
    engine.budgets.reset();
  },
  "POST delay": (engine, body) => {
    const { milliseconds, ...rest } = delay.parse(body);
    engine.control.delay(milliseconds, rest);
  },
  "POST hold": (engine, body) => void engine.control.hold(hold.parse(body ?? {})),
  "POST release": (engine) => engine.control.release(),
  "POST fail": (engine, body) => {
    const { fault, times: count, ...rest } = fail.parse(body);
    engine.control.fail(fault, rest, count);
  },
  "POST secondary-limit": (engine, body) => {
    const { retry_after, times: count, ...rest } = secondary.parse(body ?? {});
    engine.control.secondaryLimit(rest, retry_after === undefined ? 60 : retry_after, count);
  },
  "POST limit": (engine, body) => {
    const { token, resource, remaining, reset } = limit.parse(body);
    const { viewer, bad } = engine.authenticator.authenticate(
      token === "" ? undefined : `Bearer ${token}`,
      "127.0.0.1",
    );
    if (bad) throw new z.ZodError([{ code: "custom", path: ["token"], message: bad, input: undefined }]);
    engine.budgets.set(viewer, resource, remaining, reset);
  },
  "PATCH world": (engine, body) => {
    const changes: WorldChange[] = z
      .union([changeSchema.transform((each) => [each]), z.array(changeSchema)])
      .parse(body);
    for (const change of changes) applyChange(engine.world, change);
    engine.changed();
  },
  "PUT world": (engine, body) => {
    const keys = Object.fromEntries(
      engine.world.apps.flatMap((app) => (app.public_key ? [[app.slug, app.public_key]] : [])),
    );
    const world = buildWorld(body);
    setAppKeys(
      world,
      Object.fromEntries(Object.entries(keys).filter(([slug]) => world.apps.some((app) => app.slug === slug))),
    );
    engine.world = world;
    engine.budgets.reset();
    engine.changed();
  },
};

/** Answers a call to the control interface; 400 tells its fault, 404 which commands there are. */
export async function handleControl(engine: GitHubEngine, { method, url, body }: Incoming): Promise<Outgoing> {
  const name = `${method} ${url.split("?")[0]?.replace(/^\/_emulator\/?/, "") ?? ""}`;
  const command = commands[name];
  if (!command) return json(404, { message: `no such command: ${name}`, commands: Object.keys(commands) });
  try {
    const result = command(engine, body === "" ? undefined : JSON.parse(body));
    return json(200, result ?? { ok: true });
  } catch (error) {
    const message =
      error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : String(error);
    return json(400, { message });
  }
}

function json(status: number, value: unknown): Outgoing {
  return { status, headers: { "content-type": "application/json" }, body: Buffer.from(JSON.stringify(value)) };
}
