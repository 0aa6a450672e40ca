import type { D1Migration } from "cloudflare:test";
import type { Env as RelayEnv } from "../../relay-worker/env.ts";

declare global {
  namespace Cloudflare {
    interface Env extends RelayEnv {
      readonly TEST_MIGRATIONS: D1Migration[];
      readonly TEST_RECORDED: string;
    }
  }
}
