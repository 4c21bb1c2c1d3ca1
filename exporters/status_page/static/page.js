"use strict";
// The page works without this file: links sort, forms filter, both through the query string.
// With it, the page stays current and sorts and filters in place; all state lives in the URL.
// Parts marked data-live are replaced by the agent's newer ones; focus, scroll and what is being typed stay.

const REFRESH_MS = 10_000;
const TYPING_MS = 250;
const TIMEOUT_MS = 8_000;

const lost = document.getElementById("lost");
let lastAnswer = new Date();
let turn = 0;
let timer = 0;

async function refresh() {
  clearTimeout(timer);
  const mine = ++turn;
  const current = () => mine === turn; // an answer that was overtaken by a newer question is dropped
  try {
    const options = { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) };
    const answer = await fetch(location.pathname + location.search, options);
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const html = await answer.text();
    if (current()) show(new DOMParser().parseFromString(html, "text/html"));
  } catch {
    if (current()) showLost();
  } finally {
    if (current()) timer = setTimeout(refresh, REFRESH_MS);
  }
}

function show(page) {
  const build = page.documentElement.dataset.build;
  if (build !== document.documentElement.dataset.build) {
    if (!build) throw new Error("this is not the status page, a proxy's login perhaps");
    location.reload();
    return;
  }
  for (const fresh of page.querySelectorAll("[data-live]")) {
    const old = document.getElementById(fresh.id);
    if (!old || old.isEqualNode(fresh)) continue;
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(document.adoptNode(fresh));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }
  document.title = page.title;
  lastAnswer = new Date();
  tellLost("");
}

function showLost() {
  const since = lastAnswer.toISOString().replace("T", " ").replace(/\.\d+/, "");
  tellLost(`Agent not answering since ${since}. What stands below is from then.`);
  document.title = "Agent not answering – Checkmeter";
}

function tellLost(text) {
  lost.textContent = text;
  lost.hidden = !text;
  document.documentElement.classList.toggle("silent", Boolean(text));
}

// Only the one parameter changes: what else the address holds may be newer than the links and forms on the page.
function ask(name, value) {
  const wanted = new URLSearchParams(location.search);
  if (value) wanted.set(name, value);
  else wanted.delete(name);
  const search = wanted.toString();
  history.replaceState(null, "", location.pathname + (search && `?${search}`));
  return refresh();
}

function filter(input) {
  return ask(input.name, input.value.trim());
}

let typing = 0;
document.addEventListener("input", (event) => {
  if (!event.target.matches(".filter input[type=search]")) return;
  clearTimeout(typing);
  typing = setTimeout(filter, TYPING_MS, event.target);
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typing);
  filter(event.target.querySelector("input[type=search]"));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("th a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const order = `${link.closest(".panel").id}_sort`;
  ask(order, new URLSearchParams(link.search).get(order));
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});

document.documentElement.classList.add("scripted");
timer = setTimeout(refresh, REFRESH_MS);
