/** GitHub's answer at each moment, from a second engine over the same world whose calls are not counted. */
import * as z from "zod";
import type { GraphqlRead } from "../../../daemon/reader.ts";
import type { GraphqlRequest } from "../../../shared/graphql/recognise.ts";
import { sealedBody, unsealed } from "../../../shared/graphql/seal.ts";
import { GitHubEngine, type Outgoing, type World } from "../../../test/github-emulator/index.ts";
import { hashOf } from "./calls.ts";
import type { Change, Moment } from "./trace-types.ts";

interface Version {
  readonly t: Moment;
  readonly hash: string;
}

/** A read as it was asked. */
export interface AskedRead {
  readonly path: string;
  readonly query: string;
  readonly accept: string | undefined;
  /** Asked instead of the path. */
  readonly graphql?: GraphqlRead | undefined;
  /** gh's own query, which a member's token asks. */
  readonly own?: GraphqlRequest | undefined;
}

/** Of the variables that gh gives the queries of one repository. */
const placeSchema = z.object({ owner: z.string(), repo: z.string().optional(), name: z.string().optional() });

export interface Tracked extends AskedRead {
  readonly repo: string;
  readonly versions: Version[];
}

/** How an answer stands against the world. */
interface Standing {
  /** The world has moved on since. */
  readonly outdated: boolean;
  /** Since when it has. */
  readonly since: Moment | undefined;
}

export class Truth {
  readonly #engine: GitHubEngine;
  readonly #now: () => number;
  readonly #begun: number;
  readonly #tracked = new Map<string, Promise<Tracked>>();
  readonly #byRepo = new Map<string, Tracked[]>();
  readonly #shaOfRun = new Map<number, string>();

  /** @param now milliseconds since the epoch; @param begun when the trace began */
  constructor(world: World, now: () => number, begun: number) {
    this.#engine = new GitHubEngine({ world, recorded: undefined, now, anyToken: false, pointsPerMinute: undefined });
    this.#now = now;
    this.#begun = begun;
  }

  async ask({ path, query, accept, graphql, own }: AskedRead): Promise<Outgoing> {
    const headers = { host: "api.github.com", authorization: "token token-truth", ...(accept && { accept }) };
    const body = graphql ? sealedBody(graphql.read.sealed, graphql) : own && JSON.stringify(own);
    const answer = await this.#engine.handle({
      method: body === undefined ? "GET" : "POST",
      url: path + query,
      headers,
      body: body ?? "",
      address: "127.0.0.1",
    });
    if (answer === null) throw new Error(`no answer to ${path}`);
    if (!graphql) return answer;
    return { ...answer, body: Buffer.from(unsealed(answer.body.toString(), graphql.read.sealed.ending) ?? "") };
  }

  /** Follows a resource from now on. */
  track(asked: AskedRead): Promise<Tracked> {
    const key = `${asked.path}${asked.query} ${asked.accept ?? ""} ${asked.graphql?.read.key ?? JSON.stringify(asked.own) ?? ""}`;
    const known = this.#tracked.get(key);
    if (known) return known;
    const made = this.#begin(asked);
    this.#tracked.set(key, made);
    return made;
  }

  async #begin(asked: AskedRead): Promise<Tracked> {
    const { body } = await this.ask(asked);
    const place = placeSchema.safeParse(asked.own?.variables).data;
    const { owner, name } = asked.graphql?.read ?? { owner: place?.owner, name: place?.repo ?? place?.name };
    const named = owner === undefined ? /^\/repos\/([^/]+\/[^/?]+)/.exec(asked.path)?.[1] : `${owner}/${name}`;
    const repo = named?.toLowerCase() ?? "";
    const tracked = { ...asked, repo, versions: [{ t: Number.NEGATIVE_INFINITY, hash: hashOf(body) }] };
    this.#byRepo.set(repo, [...(this.#byRepo.get(repo) ?? []), tracked]);
    return tracked;
  }

  /** The world has changed: versions of each answer that may show it are looked at again. */
  async changed(change: Change): Promise<void> {
    this.#engine.changed();
    if (change.kind === "run") this.#shaOfRun.set(change.run, change.sha);
    for (const each of this.#byRepo.get(change.repo) ?? []) {
      if (!each.graphql && !each.own && !this.#mayShow(change, each.path)) continue;
      const hash = hashOf((await this.ask(each)).body);
      if (hash !== each.versions.at(-1)?.hash) each.versions.push({ t: this.#now() - this.#begun, hash });
    }
  }

  /** By its bytes an answer is one of the versions; where it was cut, by when it was made. */
  standing({ versions }: Tracked, body: Uint8Array, createdAt: number, isGitHubs: boolean): Standing {
    const hash = hashOf(body);
    const same = versions.findLastIndex((version) => version.hash === hash);
    const byTime = versions.findLastIndex((version) => version.t <= createdAt - this.#begun);
    const next = versions[(same >= 0 ? same : Math.max(0, byTime)) + 1];
    const outdated = next !== undefined && (same >= 0 || !isGitHubs);
    return { outdated, since: outdated ? next.t : undefined };
  }

  /** Wide enough that no change is missed. */
  #mayShow(change: Change, path: string): boolean {
    const isCi = /\/actions\/|\/check-|\/status|\/commits\//.test(path);
    switch (change.kind) {
      case "job_step":
        return path.includes(`/runs/${change.run}/`) || path.includes(`/jobs/${change.job}`);
      case "run":
      case "job_start":
      case "job_end": {
        if (!isCi) return false;
        if (path.includes(`/runs/${change.run}`) || path.endsWith("/runs")) return true;
        if (path.includes("/check-runs/") || path.includes("/jobs/")) return true;
        const sha = /\/commits\/([0-9a-f]{40})/.exec(path)?.[1];
        return path.includes("/commits/") && (sha === undefined || sha === this.#shaOfRun.get(change.run));
      }
      case "issue":
        return !isCi;
      case "comment":
      case "label":
      case "edit_issue":
        return !isCi && aboutNumber(path, change.number);
      case "edit":
      case "review":
        return !isCi && aboutNumber(path, change.pull);
      default:
        return !path.includes("/actions/runs/");
    }
  }
}

function aboutNumber(path: string, number: number): boolean {
  const named = /\/(?:pulls|issues)\/(\d+)/.exec(path)?.[1];
  return named === undefined || Number(named) === number;
}
