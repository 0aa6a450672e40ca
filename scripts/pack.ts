/**
 * `npm run pack`: the package that users install, from dist/. Its package.json is generated, so that no development
 * dependency, script or pin of this workspace reaches them.
 */
import {
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
import { build } from "esbuild";
import { execa } from "execa";
import * as z from "zod";
import { oldestNode } from "../cli/node-version.ts";
import { runScript } from "./script.ts";

const root = join(import.meta.dirname, "..");
const output = join(root, "artifacts");

/** Largest unpacked size, in bytes, without the optional keyring. */
const largestUnpacked = 6 * 1024 * 1024;

/** One package in the output of `npm pack --json`. */
const packedSchema = z.object({ filename: z.string(), unpackedSize: z.number() });

/** Platforms that a release has an executable for, as pkg names them. */
export const platforms = ["linux-x64", "linux-arm64", "macos-x64", "macos-arm64"] as const;

/** The client and its daemon; dist/ also holds the Worker, which is deployed and not installed. */
export const isClientFile = (name: string) => name === "octopool" || name.endsWith(".cjs");

interface Workspace {
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

/** This workspace's package.json. */
export function workspace(): Workspace {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
}

/**
 * The manifest that users see. `repository` (as `owner/name`) comes from the release workflow; npm needs it for
 * provenance.
 */
export function publishedManifest(source: Workspace, repository: string | undefined) {
  const keyring = source.optionalDependencies["@napi-rs/keyring"];
  if (keyring === undefined) throw new Error("The workspace no longer names @napi-rs/keyring.");
  return {
    name: "octopool",
    version: source.version,
    description: source.description,
    license: source.license,
    keywords: ["github", "gh", "cli", "cache", "rate-limit", "github-api", "wrapper", "bot", "ci"],
    bin: { octopool: "dist/octopool" },
    files: ["dist", "CHANGELOG.md", "THIRD-PARTY-LICENSES.txt"],
    engines: { node: `>=${oldestNode}` },
    // Windows runs it inside WSL, which says linux.
    os: ["linux", "darwin"],
    optionalDependencies: { "@napi-rs/keyring": keyring },
    ...(repository === undefined
      ? {}
      : {
          repository: { type: "git", url: `git+https://github.com/${repository}.git` },
          homepage: `https://github.com/${repository}#readme`,
          bugs: `https://github.com/${repository}/issues`,
        }),
  };
}

/** Packages whose code is inside the bundles: their licences ask to be told with it. */
async function bundledPackages(): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: ["cli/main.ts", "cli/program.ts", "daemon/main.ts", "daemon/gh/jq/thread.ts"].map((file) =>
      join(root, file),
    ),
    absWorkingDir: root,
    outdir: "unused",
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    external: ["@napi-rs/keyring"],
  });
  const names = Object.keys(metafile.inputs).flatMap((path) => {
    const found = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
    return found?.[1] === undefined ? [] : [found[1]];
  });
  return [...new Set(names)].sort();
}

function licenceOf(name: string): string {
  const folder = join(root, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file === undefined ? "(no text in the package)" : readFileSync(join(folder, file), "utf8").trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

async function stage(folder: string): Promise<void> {
  if (!existsSync(join(root, "dist/octopool.cjs"))) throw new Error("Run `npm run build` first.");
  for (const file of readdirSync(join(root, "dist")).filter(isClientFile))
    cpSync(join(root, "dist", file), join(folder, "dist", file));
  for (const file of ["README.md", "LICENSE", "CHANGELOG.md"])
    if (existsSync(join(root, file))) cpSync(join(root, file), join(folder, file));
  const licences = (await bundledPackages()).map(licenceOf);
  writeFileSync(join(folder, "THIRD-PARTY-LICENSES.txt"), licences.join(`\n${"-".repeat(80)}\n\n`));
  const manifest = publishedManifest(workspace(), process.env.GITHUB_REPOSITORY);
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function main(): Promise<undefined> {
  const folder = mkdtempSync(join(tmpdir(), "octopool-pack-"));
  try {
    await stage(folder);
    mkdirSync(output, { recursive: true });
    const { stdout } = await execa("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", output], {
      cwd: folder,
    });
    const packed = packedSchema.parse(Object.values(JSON.parse(stdout))[0]);
    const mebibytes = (bytes: number) => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
    const file = join(output, packed.filename);
    console.log(`${file}  ${mebibytes(statSync(file).size)}, unpacked ${mebibytes(packed.unpackedSize)}`);
    if (packed.unpackedSize > largestUnpacked)
      throw new Error(`Unpacked it is more than ${mebibytes(largestUnpacked)}: find the new files.`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) await runScript("pack", main);
