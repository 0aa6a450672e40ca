/** The gh engine: gh's own bytes for the reads it can answer exactly, and "the real gh" for everything else. */

import { messageOf } from "../../shared/message-of.ts";
import { NativeRequired } from "../reader.ts";
import type { Command, Result } from "./command.ts";
import { CommandFailure, GhFailure, GitHubRefusal } from "./command-failure.ts";
import { Context } from "./context.ts";
import type { Engine, Invocation, Outcome } from "./engine.ts";
import { cacheNotice } from "./output/cache-notice.ts";
import { commands, findCommand } from "./registry.ts";

/**
 * Answers one `gh …`. Never rejects: a command that it cannot answer exactly is native, decided before a byte is
 * printed.
 */
export const engine: Engine = async (invocation, dependencies) => {
  const found = findCommand(commands, invocation.args);
  if (!found) return { kind: "native", reason: "only gh has this command" };
  const reason = nativeEnvironment(invocation.env);
  if (reason) return { kind: "native", reason };
  let context: Context | undefined;
  try {
    context = new Context(invocation, dependencies, found.command.onServers ? undefined : serverReason);
    await context.learnGh();
    const result = await found.command.run(found.args, context);
    return finished(found.command, result, context);
  } catch (error) {
    return failed(error, context);
  }
};

function finished(command: Command, result: Result, context: Context): Outcome {
  const notice = cacheNotice(context, command.announceCache ?? false);
  return {
    kind: "done",
    stdout: result.stdout,
    stderr: (result.stderr ?? "") + notice,
    exitCode: result.exitCode ?? 0,
  };
}

function failed(error: unknown, context: Context | undefined): Outcome {
  if (error instanceof CommandFailure) {
    return { kind: "done", stdout: "", stderr: `${error.message}\n`, exitCode: error.exitCode };
  }
  if (error instanceof GhFailure) {
    return { kind: "done", stdout: error.stdout, stderr: error.stderr, exitCode: error.exitCode };
  }
  const reason = explain(error);
  if (!context?.emitted) return { kind: "native", reason };
  return { kind: "done", stdout: "", stderr: `${reason}\n`, exitCode: 1 };
}

function explain(error: unknown): string {
  if (error instanceof NativeRequired) return error.reason;
  if (error instanceof GitHubRefusal) return error.message;
  return `unexpected: ${messageOf(error)}`;
}

const serverReason = "gh asks a GitHub Enterprise Server's GraphQL for this, which depends on its version";

const colourSettings = ["GH_COLOR_LABELS", "GH_ACCESSIBLE_COLORS"] as const;

/** Variables under which gh does something that only gh can do. */
function nativeEnvironment(env: Invocation["env"]): string | undefined {
  if (colourSettings.some((name) => (env[name] ?? "") !== "")) return "gh's own settings of colours";
  // For any value but a plain yes or no, gh prints its log.
  if (!/^(|0|1|true|false|enabled|disabled)$/.test(env.GH_TELEMETRY ?? "")) return "gh logs its telemetry";
  const { GH_DEBUG: debug, DEBUG: legacy = "" } = env;
  const debugging = debug === undefined ? /^(true|1|yes|api)$/.test(legacy) : !/^(false|0|no|)$/.test(debug);
  return debugging ? "gh logs its requests" : undefined;
}
