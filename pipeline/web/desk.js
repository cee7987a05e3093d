// What makes the desk quick: keys, and what changes by itself. Every page works without it.

const prefix = document.body.dataset.prefix ?? "";
const csrf = document.body.dataset.csrf ?? "";

/** Sends a form's fields as our script does; the answer as JSON. Throws when the server says no. */
export async function send(path, fields, keepalive = false) {
  const answer = await fetch(prefix + path, {
    method: "POST",
    keepalive, // goes on when the page is left
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

const places = { t: "/desk/today", s: "/desk/search", f: "/desk/figures", r: "/desk/review", m: "/desk/machine", l: "/desk/letters" };
const keys = new Map();

/** What a key does on this page: with `what` an element, it is pressed or entered. */
export function on(key, what) {
  keys.set(key, what);
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !/^(checkbox|radio)$/.test(target.type);
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
  const name = CSS.escape(event.key);
  const marked = document.querySelector(`[data-key="${name}"], [data-choose="${name}"]`)
    ?? (event.target.closest?.("a, button, summary") ? null : document.querySelector(`[data-key-also="${name}"]`));
  const work = keys.get(event.key);
  if (!work && !marked) return;
  event.preventDefault();
  work ? work() : press(marked);
});

function press(element) {
  const folded = element.closest("details:not([open])");
  if (folded) folded.open = true;
  if (element.dataset.choose) { element.checked = true; return element.focus(); }
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
  const path = `${others.dataset.present}${others.dataset.present.includes("?") ? "&" : "?"}doing=${writes ? "writes" : "looks"}`;
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

// --- a letter: checked and kept while one types, variables by a click, a finding leads to its line ----------------------

const letter = document.querySelector("form[data-text]");
const STEADY = 800; // milliseconds without a key

function fields(form) {
  return [...new FormData(form)].filter(([name]) => name !== "csrf");
}

/** One finding as the page writes it too; its words lead to the line. */
function line(found) {
  const item = document.createElement("li");
  const where = document.createElement("button");
  const words = document.createElement("span");
  const said = document.createElement("code");
  item.className = found.severity;
  where.type = "button";
  where.className = "link";
  const number = found.line ? letter.dataset.line.replace("{number}", found.line) : "";
  where.textContent = [letter.dataset[found.severity], number, found.file].filter(Boolean).join(" · ");
  where.addEventListener("click", () => lead(found));
  words.lang = "en";
  words.textContent = ` ${found.message} → ${found.remedy}`;
  said.textContent = found.words;
  item.append(where, words, said);
  return item;
}

function lead(found) {
  const area = letter.querySelector(`[data-file="${CSS.escape(found.file)}"]`);
  if (!area) return;
  const lines = area.value.split("\n");
  const from = lines.slice(0, Math.max(0, found.line - 1)).join("\n").length + (found.line > 1 ? 1 : 0);
  area.closest("details")?.setAttribute("open", "");
  area.focus();
  area.setSelectionRange(from, from + (lines[found.line - 1] ?? "").length);
  area.scrollTop = ((found.line - 4) / lines.length) * area.scrollHeight;
}

async function look(version) {
  const place = letter.querySelector("#findings");
  const kept = letter.querySelector("[data-saved]");
  try {
    const told = await send(letter.dataset.text.slice(prefix.length), fields(letter));
    if (version !== typed) return; // more was typed since
    const list = document.createElement("ul");
    list.className = "plain";
    list.append(...told.findings.map(line));
    const clean = document.createElement("p");
    clean.className = "good";
    clean.textContent = letter.dataset.clean;
    place.replaceChildren(told.findings.length ? list : clean);
    kept.textContent = letter.dataset.kept;
  } catch (error) {
    kept.textContent = "";
    tell(error.message, 0);
  }
}

let typed = 0;
if (letter) {
  let waiting = 0;
  let looking = Promise.resolve();
  let last = letter.querySelector("textarea[data-file]");
  letter.addEventListener("focusin", (event) => { if ("file" in event.target.dataset) last = event.target; });
  letter.addEventListener("input", (event) => {
    if (event.target.name === "last") return;
    clearTimeout(waiting);
    const version = ++typed;
    waiting = setTimeout(() => { waiting = 0; looking = looking.then(() => look(version)); }, STEADY);
  });
  letter.addEventListener("submit", () => { clearTimeout(waiting); waiting = 0; typed += 1; });
  addEventListener("pagehide", () => { // on the way to another page, what was typed last is kept, too
    if (waiting) send(letter.dataset.text.slice(prefix.length), fields(letter), true).catch(() => {});
  });
  for (const name of document.querySelectorAll("[data-insert]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "small";
    button.textContent = name.textContent;
    button.addEventListener("click", () => {
      last.focus();
      last.setRangeText(name.textContent, last.selectionStart, last.selectionEnd, "end");
      last.dispatchEvent(new InputEvent("input", { bubbles: true }));
    });
    name.replaceWith(button);
  }
}

// --- long work: the page looks again by itself --------------------------------------------------------------------------

if (document.querySelector("[data-work]")) setTimeout(() => location.reload(), 4000);
