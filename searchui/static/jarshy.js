"use strict";
// Everything here is a comfort: each page does its whole work without it.

// "/" moves to the search field.
document.addEventListener("keydown", (event) => {
  const field = document.getElementById("q");
  const typing = document.activeElement.matches("input:not([type=checkbox]), textarea, select");
  if (event.key === "/" && field && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});

// Completions while typing: the browser's own list, filled from the API.
const asked = document.querySelector("[data-suggest]");
if (asked && window.fetch) {
  const list = document.createElement("datalist");
  list.id = "suggestions";
  asked.after(list);
  asked.setAttribute("list", list.id);
  let waiting;
  let latest = "";
  asked.addEventListener("input", () => {
    clearTimeout(waiting);
    const typed = asked.value.trim();
    if (typed.length < 2 || typed === latest) return;
    waiting = setTimeout(async () => {
      latest = typed;
      const lang = document.documentElement.lang;
      const answer = await fetch(`${asked.dataset.suggest}?q=${encodeURIComponent(typed)}&lang=${lang}`).catch(() => null);
      if (!answer || !answer.ok || asked.value.trim() !== typed) return;
      const { suggestions } = await answer.json();
      list.replaceChildren(...suggestions.map(({ text }) => Object.assign(document.createElement("option"), { value: text })));
    }, 180);
  });
}

// The field over a long list of filter values narrows it at once where the whole list is there.
for (const field of document.querySelectorAll("details [data-find]")) {
  const items = field.closest("details").querySelectorAll(".boxes li");
  field.removeAttribute("name");
  field.nextElementSibling.hidden = true;
  field.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(wanted);
  });
}

// Filters stand open on wide screens also in browsers whose style sheets cannot open them.
if (!CSS.supports("selector(::details-content)")) {
  for (const fold of document.querySelectorAll("[data-wide-open]")) {
    fold.open = matchMedia(`(min-width: ${fold.dataset.wideOpen})`).matches;
  }
}

// Buttons that need a script appear only with it.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
    button.textContent = button.dataset.done;
  });
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
