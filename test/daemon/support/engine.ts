/** A small engine for tests of everything around the engine: `gh api <path>` reads, the rest is made up. */
import type { Engine } from "../../../daemon/gh/engine.ts";
import { NativeRequired } from "../../../daemon/reader.ts";

export const testEngine: Engine = async ({ args, cwd, env, tty, columns }, { reader, emit, signal, sleep }) => {
  const [command, what = ""] = args;
  const done = (stdout: string | Uint8Array, stderr = "", exitCode = 0) =>
    ({ kind: "done", stdout, stderr, exitCode }) as const;
  if (command === "api") {
    try {
      const maxAge = args.includes("--live") ? { maxAge: 0 } : {};
      const answer = await reader.read({ path: `/${what.replace(/^\//, "")}`, ...maxAge });
      return done(answer.body, answer.stale ? "stale\n" : "");
    } catch (error) {
      if (error instanceof NativeRequired) return { kind: "native", reason: error.reason };
      throw error;
    }
  }
  if (what === "view" && args[2] === "echo") return done(JSON.stringify({ args, cwd, env, tty, columns }));
  if (what === "view" && args[2] === "fail") return done("half\n", "what went wrong\n", 8);
  if (what === "view" && args[2] === "big") return done(Buffer.alloc(Number(args[3]), "0123456789abcdef"));
  if (what === "watch") {
    emit("stdout", "first\n");
    await sleep(24 * 3600_000, signal);
  }
  if (what === "view" && args[2] === "hold") {
    await reader.read({ path: "/repos/acme/held/pulls/1" });
    return done("held\n");
  }
  if (what === "view" && args[2] === "die") process.kill(process.pid, "SIGKILL");
  return { kind: "native", reason: `the test's engine does not know ${args.join(" ")}` };
};
