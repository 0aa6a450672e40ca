/** Finds sections while the reader types. Without this script there is no search field. */
import MiniSearch from "minisearch";

/** Written in by search.ts. */
const sections = SECTIONS;
const most = 12;
const form = document.querySelector("[data-search]");
const field = form.querySelector("input");
const list = form.querySelector("ul");
const index = new MiniSearch({
  fields: ["title", "text", "page"],
  searchOptions: { boost: { title: 4, page: 2 }, prefix: true, fuzzy: 0.15, combineWith: "AND" },
});
index.addAll(sections);

function show() {
  const found = field.value.trim() === "" ? [] : index.search(field.value).slice(0, most);
  list.replaceChildren(
    ...found.map(({ id }) => {
      const { href, page, title } = sections[id];
      const item = document.createElement("li");
      const link = item.appendChild(Object.assign(document.createElement("a"), { href, textContent: title }));
      if (title !== page) link.appendChild(Object.assign(document.createElement("small"), { textContent: page }));
      return item;
    }),
  );
  if (found.length === 0 && field.value.trim() !== "") list.textContent = "Nothing found.";
  list.hidden = field.value.trim() === "";
}

form.hidden = false;
field.addEventListener("input", show);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  list.querySelector("a")?.click();
});
form.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  field.value = "";
  show();
});
form.addEventListener("focusout", ({ relatedTarget }) => {
  if (!form.contains(relatedTarget)) list.hidden = true;
});
field.addEventListener("focus", show);
