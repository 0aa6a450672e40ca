/** The surroundings of a deployment. */
import type { Prompter } from "./ask.ts";
import type { FirstUsing } from "./first-use.ts";
import type { GitHubSetup } from "./github.ts";
import type { Verification } from "./verify.ts";
import type { Wrangler } from "./wrangler.ts";

export interface RelayDeployment {
  readonly wrangler: Wrangler;
  readonly asker: Prompter;
  /** Path of wrangler.jsonc. */
  readonly config: string;
  readonly dryRun: boolean;
  readonly tokenFile: string;
  /** Origin and path of Cloudflare's API. */
  readonly api: string;
  readonly github: GitHubSetup;
  readonly fetch: typeof globalThis.fetch;
  readonly octopool: FirstUsing["octopool"];
  /** Verified there instead of at the address that wrangler tells. */
  readonly origin: string | undefined;
  readonly say: (line: string) => void;
  readonly step: (number: number, of: number, title: string) => void;
  readonly verification: Verification;
}
