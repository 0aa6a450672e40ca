/**
 * Keeps a page current: fetches it again and puts its live parts in place of the old ones. Without it the page is whole,
 * and as old as its last load.
 */
const everyMs = 10_000;
const status = document.querySelector("[data-live-status]");
const toggle = document.querySelector("[data-live-toggle]");
let running = true;
let timer;

const say = (text) => {
  if (status) status.textContent = text;
};

/** A part that somebody is using stays as it is. */
const inUse = (part) => part.contains(document.activeElement) && document.activeElement !== document.body;

function replaceParts(fresh) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    if (!next || inUse(part) || next.isEqualNode(part)) continue;
    const open = new Set([...part.querySelectorAll("details[open][id]")].map((each) => each.id));
    for (const each of next.querySelectorAll("details[id]")) if (open.has(each.id)) each.open = true;
    part.replaceWith(document.adoptNode(next));
  }
}

async function refresh() {
  try {
    const response = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "manual" });
    if (response.type === "opaqueredirect") {
      stop("Signed out. Reload the page to sign in again.");
      return;
    }
    if (response.status === 403) {
      stop("You may no longer look at this.");
      return;
    }
    if (!response.ok) throw new Error(String(response.status));
    replaceParts(new DOMParser().parseFromString(await response.text(), "text/html"));
    say(`Updated ${new Date().toLocaleTimeString()}`);
  } catch {
    say("The relay does not answer; trying again.");
  }
}

function schedule() {
  clearTimeout(timer);
  if (!running || document.hidden) return;
  timer = setTimeout(() => refresh().finally(schedule), everyMs);
}

function stop(text) {
  running = false;
  clearTimeout(timer);
  toggle?.setAttribute("aria-pressed", "false");
  say(text);
}

if (toggle) {
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    if (running) {
      stop("Paused");
      return;
    }
    running = true;
    toggle.setAttribute("aria-pressed", "true");
    void refresh().finally(schedule);
  });
}
document.addEventListener("visibilitychange", schedule);
schedule();
