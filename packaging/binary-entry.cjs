/**
 * The first lines of the single-file executable. It is known by the name it was called with, which the bundle expects
 * as its script; and its helpers are parts of itself, which the bundle expects as files beside it.
 */
const { basename } = require("node:path");

const [, , ...args] = process.argv;
// Called through a link named gh, every word is gh's, even one that is the name of a helper.
const calledAsGh = basename(process.argv0) === "gh";
process.argv = [process.execPath, process.execPath, ...(calledAsGh ? ["gh"] : []), ...args];

if (!calledAsGh && args[0] === "keyring-child") require("../dist/keyring-child.cjs");
else require("../dist/octopool.cjs");
