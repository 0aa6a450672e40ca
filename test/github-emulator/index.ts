/** The front door of the emulator: its users import from here, and nothing behind it. */
export { clockLeewaySeconds, longestJwtSeconds } from "./auth.ts";
export { forAnonymous, forUsers } from "./budgets.ts";
export { answerElsewhere, type Elsewhere } from "./elsewhere.ts";
export { GitHubEngine } from "./engine.ts";
export type { HookEvent } from "./hooks/changes.ts";
export type { Fate, HookOptions } from "./hooks/deliveries.ts";
export { applyChange, changeSchema, type WorldChange } from "./mutate.ts";
export { tokenLifetimeMs } from "./rest/apps.ts";
export { signedLinkSeconds } from "./rest/signed.ts";
export { githubsPoints, mostConcurrent } from "./secondary.ts";
export { type GitHub, startGitHub } from "./server.ts";
export type { Incoming, Outgoing } from "./wire.ts";
export { buildWorld } from "./world/build.ts";
export { conclusion } from "./world/discussion.ts";
export { nodeId, shaOf } from "./world/ids.ts";
export { demoPath, loadWorld } from "./world/load.ts";
export { mergeWorlds } from "./world/merge.ts";
export type { Attempt, Job, Pull, Repository, Review, Run, Step, World } from "./world/model.ts";
export {
  type IssueFile,
  type PullFile,
  type RepositoryFile,
  type RunFile,
  type WorldFile,
  worldSchema,
} from "./world/schema.ts";
