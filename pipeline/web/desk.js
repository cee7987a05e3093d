// What makes the desk quick: keys, and what changes by itself. Every page works without it.

const prefix = document.body.dataset.prefix ?? "";
const csrf = document.body.dataset.csrf ?? "";

/** Sends a form's fields as our script does; the answer as JSON. Throws when the server says no. */
export async function send(path, fields) {
  const answer = await fetch(prefix + path, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRF": csrf },
    body: new URLSearchParams(fields),
  });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail ?? answer.statusText);
  return answer.status === 204 ? {} : answer.json();
}

/** Says something at the foot of the page, for a while; screen readers read it. */
export function tell(text, seconds = 6) {
  const line = document.createElement("p");
  line.textContent = text;
  document.getElementById("told").replaceChildren(line);
  if (seconds) setTimeout(() => line.remove(), seconds * 1000);
}

// --- keys: one letter where nobody types; two for going somewhere ------------------------------------------------------

const places = { t: "/desk/today", s: "/desk/search", f: "/desk/figures", m: "/desk/machine" };
const keys = new Map();

/** What a key does on this page: with `what` an element, it is pressed or entered. */
export function on(key, what) {
  keys.set(key, what);
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox";
}

let before = "";
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && isTyping(event.target)) return event.target.blur();
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const button = event.target.closest?.("form")?.querySelector("[data-send]");
    if (button) { event.preventDefault(); button.click(); }
    return;
  }
  if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const went = before === "g" && places[event.key];
  before = event.key;
  if (went) return location.assign(prefix + went);
  if (event.key === "?") return location.assign(prefix + "/desk/keys");
  if (event.key === "/") {
    const box = document.querySelector("[data-search]");
    event.preventDefault();
    return box ? box.focus() : location.assign(prefix + "/desk/search");
  }
  const marked = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const work = keys.get(event.key);
  if (!work && !marked) return;
  event.preventDefault();
  work ? work() : press(marked);
});

function press(element) {
  const folded = element.closest("details:not([open])");
  if (folded) folded.open = true;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName)) { element.focus(); element.scrollIntoView({ block: "center" }); }
  else element.click();
}

// --- lists: j and k go through them, x chooses ------------------------------------------------------------------------

const rows = () => [...document.querySelectorAll("[data-row]")];

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement.closest?.("[data-row]"));
  const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
  (next.querySelector("a") ?? next).focus();
  next.scrollIntoView({ block: "nearest" });
}

if (document.querySelector("[data-row]")) {
  on("j", () => move(1));
  on("k", () => move(-1));
  on("x", () => document.activeElement.closest?.("[data-row]")?.querySelector("input[type=checkbox]")?.click());
}

// --- the numbers of the queue stay fresh -------------------------------------------------------------------------------

const counted = document.querySelector("[data-counts]");

async function count() {
  if (document.hidden) return;
  const answer = await fetch(prefix + counted.dataset.counts, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  for (const [kind, number] of Object.entries(await answer.json())) {
    const shown = counted.querySelector(`[data-kind="${CSS.escape(kind)}"] [data-number]`);
    if (shown) shown.textContent = number;
  }
}

if (counted) setInterval(() => count().catch(() => {}), 15000); // the server is away: the next time

// --- an answer: kept while one types, shown as the customer sees it, and taken back in time -----------------------------

const draft = document.querySelector("form[data-draft]");
const PAUSE = 2000; // milliseconds without a key

async function keep() {
  const fields = [...new FormData(draft)].filter(([, value]) => typeof value === "string");
  const said = draft.querySelector("[data-saved]");
  try {
    const kept = await send(new URL(draft.action).pathname.slice(prefix.length), fields);
    if (kept.conflict) return location.reload();
    draft.elements.version.value = kept.version;
    said.textContent = said.dataset.word;
    document.querySelector("iframe[data-letter]")?.setAttribute("src", `${draft.action}/frame?v=${kept.version}`);
  } catch (error) {
    said.textContent = "";
    tell(error.message, 0);
  }
}

if (draft) {
  let waiting = 0;
  let sending = Promise.resolve();
  const later = (event) => {
    if (event.target.type === "file") return;
    clearTimeout(waiting);
    draft.querySelector("[data-saved]").textContent = "…";
    waiting = setTimeout(() => { waiting = 0; sending = sending.then(keep); }, PAUSE);
  };
  draft.addEventListener("input", later);
  draft.addEventListener("submit", async (event) => {
    clearTimeout(waiting);
    if (draft.dataset.going) return;
    event.preventDefault(); // a save on its way comes first: the form must know the version that it makes
    const button = event.submitter;
    await sending;
    setTimeout(() => { // not inside of this event: a form is not sent while it is being sent
      draft.dataset.going = "yes";
      draft.requestSubmit(button);
      delete draft.dataset.going;
    });
  });
}

/** What has become of an answer that was on its way: the page says it as soon as it is so. */
function watch(given, looks = 20) {
  if (!looks) return;
  setTimeout(async () => {
    const page = await fetch(location.href).then((answer) => answer.text()).catch(() => "");
    const name = `[data-given="${CSS.escape(given.dataset.given)}"]`;
    const now = new DOMParser().parseFromString(page, "text/html").querySelector(name);
    if (!now) return watch(given, looks - 1);
    given.replaceWith(now);
    if ("flying" in now.dataset) watch(now, looks - 1);
  }, 3000);
}

for (const given of document.querySelectorAll("[data-flying]:not([data-seconds])")) watch(given);

for (const given of document.querySelectorAll("[data-seconds]")) {
  const until = performance.now() + given.dataset.seconds * 1000; // whatever the clock of this computer says
  const tick = setInterval(() => {
    const left = Math.ceil((until - performance.now()) / 1000);
    given.querySelector("[data-left]").textContent = left > 0 ? `${left} s` : "";
    if (left > 0) return;
    clearInterval(tick);
    given.querySelector("[data-undo]")?.remove();
    given.querySelector("[data-state]").textContent = given.dataset.going;
    watch(given);
  }, 250);
}

// --- who else has the case before them, and whether something has happened since ---------------------------------------

const others = document.querySelector("[data-present]");
let writes = false;

async function meet() {
  if (document.hidden) return;
  const path = `${others.dataset.present}?doing=${writes ? "writes" : "looks"}`;
  const answer = await fetch(path, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const told = await answer.json();
  const lines = told.others.map((one) => others.dataset[one.doing].replace("{name}", one.name));
  others.replaceChildren(lines.join(" "));
  if (String(told.mark) !== others.dataset.mark) {
    const again = document.createElement("a");
    again.href = "";
    again.textContent = others.dataset.again;
    others.append(` ${others.dataset.changed} `, again);
  }
  others.hidden = !others.textContent;
}

if (others) {
  document.addEventListener("input", (event) => { writes = writes || event.target.tagName === "TEXTAREA"; });
  setInterval(() => meet().catch(() => {}), 15000);
}
