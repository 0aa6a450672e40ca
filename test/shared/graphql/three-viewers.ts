/** An emulated GitHub for people with different rights, in which something differs for each of them. */
import { readFileSync } from "node:fs";
import { demoPath, type GitHub, startGitHub } from "../../github-emulator/index.ts";

export const stranger = "demo-token-outsider";
export const member = "demo-token-bjorn-lind";
/** Administers the organisation, and has an unsent review of pull request 2. */
export const administrator = "demo-token-ada-okafor";

/** The demo's world with an unsent review, and a release that is a draft. */
export async function startForViewers(): Promise<GitHub> {
  const world = JSON.parse(readFileSync(demoPath, "utf8"));
  const [lantern] = world.repositories;
  const pull = lantern.pulls.find((each: { number: number }) => each.number === 2);
  const place = { path: "src/lamp.ts", line: 3 };
  pull.reviews[0].comments = [{ ...place, id: 9001, body: "Why?" }];
  pull.reviews.push({
    author: "ada-okafor",
    state: "PENDING",
    comments: [{ ...place, id: 9002, body: "unsent", in_reply_to: 9001 }],
  });
  lantern.releases.push({ tag: "v99-draft", draft: true, name: "Not out yet" });
  return startGitHub({ world, port: 0 });
}

/**
 * The answer to a query, as one of them gets it. Asked of the emulator itself: thousands of requests over its port took
 * more of the processor than their answers.
 */
export async function answerTo(
  github: GitHub,
  token: string,
  request: { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> },
): Promise<string> {
  const headers = { host: "api.github.com", authorization: `token ${token}`, "content-type": "application/json" };
  const body = JSON.stringify(request);
  const answer = await github.engine.handle({ method: "POST", url: "/graphql", headers, body, address: "127.0.0.1" });
  if (answer === null) throw new Error("the emulator closed the connection");
  return new TextDecoder().decode(answer.body);
}
