/**
 * The start-up cost of an isolate: evaluating the Worker's module, and the way of its first read to D1. Measured in
 * processes of Node, which run the same engine as workerd; inside workerd no clock moves while a Worker computes.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { bundleForNode } from "../bundle-worker.ts";
import { median } from "./stage.ts";

const program = `
  const [file] = process.argv.slice(1);
  // The processor's time: the machine's other work is left out.
  const now = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
  // Node loads its own of these with their first use, workerd has them: no cost of the relay.
  new Request("https://relay.invalid", { method: "POST", body: "" });
  await crypto.subtle.digest("SHA-256", new Uint8Array());
  const begun = now();
  const { default: worker } = await import(file);
  const evaluated = now();
  const atDatabase = new Promise((resolve) => {
    const DB = { prepare: () => { resolve(now()); throw new Error("far enough"); } };
    const request = new Request("https://relay.invalid/v1/github/request", {
      method: "POST",
      headers: { authorization: "Bearer op_bench", "content-type": "application/json" },
      body: JSON.stringify({ pool: "maintainers", method: "GET", path: "/repos/acme/widgets/pulls/7" }),
    });
    void worker.fetch(request, { DB }, { waitUntil: (work) => void Promise.resolve(work).catch(() => {}) });
  });
  console.error = console.log = () => {};
  const first = (await atDatabase) - evaluated;
  process.stdout.write(JSON.stringify({ module: evaluated - begun, first }), () => process.exit());`;

const timesSchema = z.object({ module: z.number(), first: z.number() });

/** Milliseconds of the processor: the medians of so many starts. */
export async function measureStart(starts: number): Promise<{ readonly module: number; readonly first: number }> {
  const directory = mkdtempSync(join(tmpdir(), "octopool-start-"));
  try {
    const outfile = join(directory, "relay.mjs");
    await bundleForNode(outfile);
    const args = ["--input-type=module", "-e", program, outfile];
    const times = Array.from({ length: starts }, () =>
      timesSchema.parse(JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }))),
    );
    return { module: median(times.map((each) => each.module)), first: median(times.map(({ first }) => first)) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
