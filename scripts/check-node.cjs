/**
 * Runs after every installation and before every build, on any Node: puts the workspace's own Node where npm's scripts
 * find it, and says in one sentence when there is none and this one is too old.
 */
const { existsSync, symlinkSync } = require("node:fs");
const { join } = require("node:path");

const needed = "22.19.0";

const modules = join(__dirname, "../node_modules");
const own = join(`node-${process.platform}-${process.arch}`, "bin/node");
const link = join(modules, ".bin/node");
// npm 10 takes the link away again with the package of the other architecture, which has one of the same name.
if (existsSync(join(modules, own)) && !existsSync(link)) symlinkSync(join("..", own), link);

const [have, want] = [process.versions.node, needed].map((version) => version.split(".").map(Number));
const older = have[0] < want[0] || (have[0] === want[0] && have[1] < want[1]);
if (older && !existsSync(link)) {
  console.error(
    `octopool needs Node ${needed} or later; this is ${process.versions.node}. Install a newer one: https://nodejs.org`,
  );
  process.exitCode = 1;
}
