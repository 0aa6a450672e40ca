import { expect, test, vi } from "vitest";
import { expectedEtag } from "../../../shared/predict/etag-rule.ts";
import { Predictions } from "../../../shared/predict/predictions.ts";

const credential = { accept: "application/json", authorization: "Bearer secret" };
const group = { repo: "acme/widgets", objects: "pull" };
const url = "https://api.github.com/repos/acme/widgets/pulls/7";
const pull = (title: string) => JSON.stringify({ number: 7, url, title });
const list = (title: string) => `[${pull(title)}]`;
const held = { ...group, text: list("Old"), etag: 'W/"held"', confirmedAt: 1_000 };

/** One answer, newer than the held one. */
function told(text = pull("New"), of = group, at = 2_000): Predictions {
  const predictions = new Predictions((key) => (key === "view" && text !== "" ? text : undefined));
  predictions.note(of, "view", at);
  return predictions;
}

test("a change in another answer is predicted, with the ETag for the credential that asks", async () => {
  const prediction = await told().predict(held, credential);
  expect(new TextDecoder().decode(prediction?.body)).toBe(list("New"));
  const etag = await expectedEtag(credential, new TextEncoder().encode(list("New")));
  expect(prediction?.etag).toBe(etag);
  const send = vi.fn(async (_etags: string) => undefined);
  await told().ask(held, credential, { send, view: () => undefined });
  expect(send).toHaveBeenCalledExactlyOnceWith(`W/"held", W/"${etag}"`);
});

test("it is told to each that is older, and to none that is newer", async () => {
  const predictions = told();
  expect(await predictions.predict({ ...held, confirmedAt: 2_000 }, credential)).toBeUndefined();
  for (const _time of [1, 2]) expect(await predictions.predict(held, credential)).toBeDefined();
});

test.each([
  ["another repository", told(pull("New"), { ...group, repo: "acme/gadgets" })],
  ["objects of another kind", told(pull("New"), { ...group, objects: "issue" })],
  ["an answer that is no longer here", told("")],
  ["an answer that is no JSON", told("<html>")],
  ["an answer that says the same", told(pull("Old"))],
  ["an older answer", told(pull("New"), group, 500)],
])("nothing is predicted from %s", async (_case, predictions) => {
  expect(await predictions.predict(held, credential)).toBeUndefined();
});

test.each([
  ["the held one", { status: 304, etag: '"held"' }, "held"],
  ["the predicted one", { status: 304, etag: 'W/"predicted"' }, "predicted"],
  ["a third one", { status: 304, etag: '"third"' }, "unclear"],
  ["one that it does not name", { status: 304, etag: null }, "unclear"],
  ["none", { status: 200, etag: '"held"' }, "neither"],
])("GitHub confirms %s", (_case, answer, verdict) => {
  const prediction = { body: new TextEncoder().encode(list("New")), etag: "predicted" };
  const body = new TextEncoder().encode(list("Newer"));
  expect(new Predictions(() => undefined).judge({ ...answer, body }, held, prediction)).toBe(verdict);
});

test("nothing more is predicted after GitHub answers in full with the held answer", async () => {
  const predictions = told();
  const prediction = await predictions.predict(held, credential);
  if (!prediction) throw new Error("nothing was predicted");
  const answer = { status: 200, etag: held.etag, body: new TextEncoder().encode(held.text) };
  expect(predictions.judge(answer, held, prediction)).toBe("neither");
  predictions.note(group, "view", 3_000);
  expect(await predictions.predict(held, credential)).toBeUndefined();
});
