/** Finds sections while the reader types. Without this script there is no search field. */
import MiniSearch from "minisearch";

/** Written in by search.ts. */
const { sections, synonyms } = DATA;
const most = 12;
/** Characters of an excerpt. */
const excerptLength = 110;
const form = document.querySelector("[data-search]");
const field = form.querySelector("input");
const list = form.querySelector("ul");
const index = new MiniSearch({ fields: ["title", "text", "page"] });
index.addAll(sections);
let chosen = -1;

/** The word itself, and its synonyms: any of them will do, the word itself best. */
function meant(word) {
  const others = synonyms[word] ?? [];
  return {
    combineWith: "OR",
    queries: [word, ...others].map((each, at) => ({
      queries: each.split(" "),
      combineWith: "AND",
      boostTerm: () => (at === 0 ? 1 : 0.6),
    })),
  };
}

function search(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const phrase = synonyms[words.join(" ")];
  const all = { combineWith: "AND", queries: words.map(meant) };
  const query = phrase
    ? { combineWith: "OR", queries: [all, ...phrase.map((each) => ({ queries: each.split(" "), combineWith: "AND" }))] }
    : all;
  return index.search(query, {
    boost: { title: 4, page: 2 },
    prefix: (term) => term.length > 1,
    fuzzy: (term) => (term.length > 4 ? 0.15 : false),
    boostDocument: (id) => sections[id].weight,
  });
}

/** The text around the first word that matched, with all of them marked. */
function excerpt(text, terms) {
  const marked = document.createElement("span");
  marked.className = "excerpt";
  const pattern = new RegExp(`(${terms.map((term) => term.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
  const at = Math.max(0, text.search(pattern));
  const from = at < 40 ? 0 : text.indexOf(" ", at - 40) + 1;
  const piece = text.slice(from, from + excerptLength);
  marked.append(from > 0 ? "… " : "");
  for (const [index, part] of piece.split(pattern).entries()) {
    marked.append(index % 2 === 1 ? Object.assign(document.createElement("mark"), { textContent: part }) : part);
  }
  marked.append(from + excerptLength < text.length ? " …" : "");
  return marked;
}

function show() {
  const text = field.value.trim();
  const found = text === "" ? [] : search(text).slice(0, most);
  list.replaceChildren(
    ...found.map(({ id, terms }, at) => {
      const { href, page, title, text: body } = sections[id];
      const item = document.createElement("li");
      item.setAttribute("role", "none");
      const link = item.appendChild(
        Object.assign(document.createElement("a"), { href, textContent: title, tabIndex: -1, id: `found-${at}` }),
      );
      link.setAttribute("role", "option");
      if (title !== page) link.appendChild(Object.assign(document.createElement("small"), { textContent: page }));
      if (body !== "") link.appendChild(excerpt(body, terms));
      return item;
    }),
  );
  if (found.length === 0 && text !== "") {
    const nothing = list.appendChild(Object.assign(document.createElement("li"), { textContent: "Nothing found." }));
    nothing.setAttribute("role", "option");
    nothing.setAttribute("aria-disabled", "true");
  }
  open(text !== "");
  choose(-1);
}

function open(isOpen) {
  list.hidden = !isOpen;
  field.setAttribute("aria-expanded", String(isOpen));
}

/** Marks one of the results; the field keeps the focus, so that typing goes on. */
function choose(at) {
  const options = [...list.querySelectorAll("a")];
  chosen = options.length === 0 ? -1 : Math.max(-1, Math.min(options.length - 1, at));
  for (const [index, option] of options.entries()) option.setAttribute("aria-selected", String(index === chosen));
  const option = options[chosen];
  if (option === undefined) field.removeAttribute("aria-activedescendant");
  else field.setAttribute("aria-activedescendant", option.id);
  option?.scrollIntoView({ block: "nearest" });
}

form.hidden = false;
field.addEventListener("input", show);
field.addEventListener("focus", show);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  list.querySelectorAll("a")[Math.max(0, chosen)]?.click();
  open(false);
});
form.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step !== undefined && !list.hidden) {
    event.preventDefault();
    choose(chosen + step);
  }
  if (event.key === "Escape") {
    field.value = "";
    show();
    field.blur();
  }
});
form.addEventListener("focusout", ({ relatedTarget }) => {
  if (!form.contains(relatedTarget)) open(false);
});

/** As on other documentation sites: `/`, or Ctrl or Command with K. */
document.addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.matches("input, textarea, select, [contenteditable]");
  const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!slash && !(event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) return;
  event.preventDefault();
  field.focus();
  field.select();
});

for (const block of document.querySelectorAll("main pre")) {
  const frame = Object.assign(document.createElement("div"), { className: "code" });
  block.replaceWith(frame);
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy" });
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(block.textContent.trimEnd());
      button.textContent = "Copied";
    } catch {
      // A page from a folder may not write to the clipboard: the marked text can be copied by hand.
      getSelection().selectAllChildren(block);
      button.textContent = "Marked";
    }
    setTimeout(() => {
      button.textContent = "Copy";
    }, 2000);
  });
  frame.append(block, button);
}
