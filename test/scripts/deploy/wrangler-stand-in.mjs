#!/usr/bin/env node
/** The stand-in of wrangler as a process. */
import { text } from "node:stream/consumers";
import { standIn } from "./wrangler-stand-in.ts";

const { argv, env, stdin, stdout, stderr } = process;
// Not read at once: a pipe that is empty yet would be an error.
const input = stdin.isTTY ? "" : await text(stdin);
const ended = standIn(argv.slice(2), { env, input });
stdout.write(ended.stdout);
stderr.write(ended.stderr);
process.exitCode = ended.exitCode;
