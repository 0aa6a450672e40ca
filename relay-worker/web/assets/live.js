/**
 * Keeps a page current: asks for it again and brings its live parts up to date, so that focus, scrolling and open
 * parts stay as they are. Without this script the page is whole, and as old as its last load.
 */
import morphdom from "morphdom";

const everyMs = Number(document.body.dataset.refreshSeconds) * 1000;
const slowestMs = 300_000;
const timeoutMs = 20_000;
const toggle = document.querySelector("[data-live-toggle]");
const status = document.querySelector("[data-live-status]");

let running = true;
let failures = 0;
let triedAt = Date.now();
let timer;
let reading;

/** Screen readers announce changes of this text: it is only set when it differs. */
function say(text) {
  if (status.textContent !== text) status.textContent = text;
}

/** A selected text, to be copied for example, stays as it is. */
function isMarked(part) {
  const selection = document.getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(part, true);
}

function update(fresh) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    if (!next || isMarked(part)) continue;
    for (const details of next.querySelectorAll("details[id]")) {
      details.open = document.getElementById(details.id)?.open ?? false;
    }
    morphdom(part, next, { onBeforeElUpdated: (now, then) => !now.isEqualNode(then) });
  }
}

async function refresh() {
  triedAt = Date.now();
  reading = new AbortController();
  const signal = AbortSignal.any([reading.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "manual", signal });
    if (response.type === "opaqueredirect") return stop("Signed out. Reload the page to sign in again.");
    if (response.status >= 400 && response.status < 500) {
      return stop(`The relay refuses this page (${response.status}). Reload it to see why.`);
    }
    if (!response.ok) throw new Error(String(response.status));
    const text = await response.text();
    update(new DOMParser().parseFromString(text, "text/html"));
    failures = 0;
    say("");
  } catch {
    if (!running) return;
    failures += 1;
    say("The relay does not answer; trying again.");
  }
}

/** A page that was hidden for longer than its turn is due at once; a relay in trouble is asked less often. */
function schedule() {
  clearTimeout(timer);
  if (!running || document.hidden) return;
  const wait = Math.min(Math.max(slowestMs, everyMs), everyMs * 2 ** failures);
  timer = setTimeout(() => void refresh().finally(schedule), Math.max(0, triedAt + wait - Date.now()));
}

function stop(text) {
  running = false;
  reading?.abort();
  clearTimeout(timer);
  toggle.setAttribute("aria-pressed", "false");
  say(text);
}

function start() {
  running = true;
  toggle.setAttribute("aria-pressed", "true");
  say("");
  void refresh().finally(schedule);
}

/** A phone shows the most used parts; the others open with a touch. */
if (matchMedia("(max-width: 44rem)").matches) {
  for (const part of document.querySelectorAll("details.fold")) {
    part.open = location.hash !== "" && part.closest(location.hash) !== null;
  }
}

toggle.hidden = false;
toggle.addEventListener("click", () => (running ? stop("Paused") : start()));
document.addEventListener("visibilitychange", schedule);
// A page out of the browser's memory may be another time's, or another person's.
addEventListener("pageshow", ({ persisted }) => persisted && running && start());
schedule();
