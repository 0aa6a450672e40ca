/** Of the 200s of GitHub's API and web host, only those of the kind's form are passed on, cached or confirmed. */
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { rememberedProofs } from "../../../../relay-worker/guard/proof.ts";
import { routes, shapes } from "../../../../shared/routes/index.ts";
import { json } from "../../support/github.ts";
import { advance, TestRelay } from "../../support/relay.ts";

const issue = "/repos/acme/widgets/issues/1";
const list = "/repos/acme/widgets/issues";
const good = { id: 1, number: 1, title: "good", state: "open" };
const hour = 3_600_000;

const page = (text: string, type: string) => () =>
  new Response(text, { headers: { "content-type": type, etag: '"x"' } });
const jsonType = "application/json; charset=utf-8";

const strange: Readonly<Record<string, () => Response>> = {
  "a page": page("<html>Unicorn!</html>", "text/html"),
  "a page under JSON's name": page("<html>Unicorn!</html>", jsonType),
  "JSON under a page's name": page(JSON.stringify(good), "text/html"),
  "nothing at all": page("", jsonType),
  "half an answer": page('{"number":1,"title":"cut in the mid', jsonType),
  null: page("null", jsonType),
  "an empty object": page("{}", jsonType),
  "an error without its status": page('{"message":"Server Error"}', jsonType),
  "another form": page('[{"message":"x"}]', jsonType),
  "a number": page("7", jsonType),
  "JSON without a content type": () => new Response(new TextEncoder().encode(JSON.stringify(good))),
  "a confirmation that was not asked for": () => new Response(null, { status: 304 }),
};

let relay: TestRelay;

beforeEach(async () => {
  relay = await TestRelay.create();
  relay.github.public("acme/widgets");
});

test("every kind that may be relayed has a form", () => {
  const relayed = routes.filter((route) => route.class !== "native").map(({ kind }) => kind);
  expect(relayed.filter((kind) => shapes[kind] === undefined)).toEqual([]);
});

for (const path of [issue, list]) {
  describe(`${path} answered with`, () => {
    test.each(Object.entries(strange))("%s is no answer, and the next read asks again", async (_what, answer) => {
      relay.github.on(path, answer);
      expect(await relay.refusal(path)).toBe("502 github_unreachable");
      expect(await relay.refusal(path, { headers: { "cache-control": "max-age=0" } })).toBe("502 github_unreachable");
      relay.github.on(path, () => json(path === issue ? good : [good]));
      expect((await relay.read(path)).relay.cache).toBe("miss");
    });
  });
}

test.each(Object.entries(strange))("%s replaces no good entry, which stands in", async (_what, answer) => {
  let broken = false;
  relay.github.on(issue, () => (broken ? answer() : json(good, { headers: { etag: '"good"' } })));
  await relay.read(issue);
  advance(10 * 60_000);
  broken = true;
  const answered = _what === "a confirmation that was not asked for" ? "revalidated" : "stale";
  expect(await relay.read(issue)).toMatchObject({ body: good, relay: { cache: answered } });
});

test("an entry that is not of its kind's form heals, though GitHub would confirm it", async () => {
  relay.github.on(issue, ({ headers }) =>
    headers.has("if-none-match") ? new Response(null, { status: 304 }) : json(good, { headers: { etag: '"good"' } }),
  );
  await relay.read(issue);
  for (const [encoding, body] of [
    ["text", '"<html>"'],
    ["json", '{"message":"x"}'],
  ]) {
    await env.DB.prepare("update github_cache_entries set encoding = ?, body = ?").bind(encoding, body).run();
    advance(2 * hour);
    const other = relay.sibling();
    expect((await other.read(issue)).body).toEqual(good);
  }
});

test("a page for a stranger proves no repository public", async () => {
  const timeline = "/repos/acme/hidden/issues/1/timeline";
  relay.github.on(timeline, page("<html>Please log in</html>", "text/html"));
  expect(await relay.refusal(timeline)).toBe("502 github_unreachable");
  const proofs = await env.DB.prepare("select count(*) as n from github_public_repos").first("n");
  expect([proofs, rememberedProofs(relay.memory).size]).toEqual([0, 0]);
});

test.each([
  ["a page with 404", () => new Response("<html>Not here</html>", { status: 404 })],
  [
    "a login page's redirect",
    () => new Response(null, { status: 301, headers: { location: "https://login.example/" } }),
  ],
])("%s bars no repository", async (_what, answer) => {
  relay.github.on("/repos/acme/odd", answer);
  expect(await relay.refusal("/repos/acme/odd/issues/1")).toBe("424 fallback_local repo_public_check_failed");
  relay.github.public("acme/odd").on("/repos/acme/odd/issues/1", () => json(good));
  expect((await relay.read("/repos/acme/odd/issues/1")).status).toBe(200);
});

test("a page instead of a diff is no diff: the API is asked", async () => {
  const path = "/repos/acme/widgets/pulls/7";
  relay.github.on("/acme/widgets/pull/7.diff", page("<html>Unicorn!</html>", "text/plain"));
  relay.github.on(path, page("diff --git a/x b/x\n", "application/vnd.github.diff; charset=utf-8"));
  const headers = { accept: "application/vnd.github.diff" };
  expect(await relay.read(path, { headers })).toMatchObject({
    body: "diff --git a/x b/x\n",
    identity: { id: "pat_one" },
  });
});

test("an address longer than GitHub takes is the caller's own, and costs nothing", async () => {
  expect(await relay.refusal(list, { query: { labels: "x".repeat(70_000) } })).toBe("424 fallback_local route_denied");
  expect(relay.github.calls).toEqual([]);
});

test("the envelope tells the length of its body, and when it was answered", async () => {
  relay.github.on(issue, () => json('{"number":1,"title":"ünï 漢字 👩","state":"open"}'));
  const response = await relay.request(issue);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const head = JSON.parse(new TextDecoder().decode(bytes)).relay;
  expect(head.body_length).toBe(bytes.length - Number(response.headers.get("x-octopool-body-offset")) - 1);
  expect(Date.parse(head.answered_at)).toBe(Date.now());
});

test("parts that only their author may see are taken out: reviews that are not submitted, secret teams", async () => {
  const pull = "/repos/acme/widgets/pulls/7";
  relay.github.on(`${pull}/reviews`, () =>
    json([
      { id: 1, state: "PENDING" },
      { id: 2, state: "APPROVED" },
    ]),
  );
  relay.github.on(`${pull}/reviews/1`, () => json({ id: 1, state: "PENDING", body: "a draft" }));
  const team = (slug: string, privacy: string) => ({ slug, privacy, members_url: "x" });
  const teams = [team("core", "closed"), team("hush", "secret")];
  relay.github.on(pull, () => json({ number: 7, requested_teams: teams }));
  expect((await relay.read(`${pull}/reviews`)).body).toEqual([{ id: 2, state: "APPROVED" }]);
  expect(await relay.refusal(`${pull}/reviews/1`)).toBe("424 fallback_local local_credentials_required");
  expect((await relay.read(pull)).body).toEqual({ number: 7, requested_teams: [team("core", "closed")] });
});
