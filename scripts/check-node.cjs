/** Runs before every build, on any Node: says in one sentence when the scripts of this workspace cannot run. */
const needed = "22.19.0";

const [have, want] = [process.versions.node, needed].map((version) => version.split(".").map(Number));
const older = have[0] < want[0] || (have[0] === want[0] && have[1] < want[1]);
if (older) {
  console.error(
    `octopool needs Node ${needed} or later; this is ${process.versions.node}. Install a newer one: https://nodejs.org`,
  );
  process.exitCode = 1;
}
