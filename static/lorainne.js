// What the site can do beyond being read; without this file nothing is missing. All words stand in the pages.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// Registration: a page that was built before the deadline knows that it has passed.
const closeRegistration = () => {
  for (const link of all("[data-deadline]")) {
    const over = Date.now() > Date.parse(link.dataset.deadline);
    link.parentElement.hidden = over;
    link.parentElement.nextElementSibling.hidden = !over;
  }
};

// The schedule: every slot with its moments; of a session only its talks.
const slots = all(".slot:not(:has(.nested))").map((element) => {
  const [start, end] = all(":scope > .slot-time time", element).map((time) => Date.parse(time.dateTime));
  return { element, start, end: end ?? start + 30 * 60_000 };
});

const entry = ({ element }) => {
  const item = document.createElement("li");
  const room = (element.querySelector(".room") ?? element.closest(".slot:has(.nested)")?.querySelector(".room"))?.textContent;
  item.append(all(":scope > .slot-time time", element)[0].textContent, " ");
  const title = element.querySelector(".slot-title").cloneNode(true);
  all("button", title).forEach((button) => button.remove());
  item.append(...title.childNodes, room ? ` (${room})` : "");
  return item;
};

// What is on now, and what comes next on the same day.
const showRunning = () => {
  const now = Date.now();
  const running = slots.filter((slot) => slot.start <= now && now < slot.end);
  const soon = Math.min(...slots.map((slot) => slot.start).filter((start) => start > now && start < now + 12 * 3_600_000));
  for (const { element } of slots) element.classList.remove("now");
  for (const { element } of running) element.classList.add("now");
  for (const box of all(".running")) {
    const [first, second] = all("ul", box);
    first.replaceChildren(...running.map(entry));
    second.replaceChildren(...slots.filter((slot) => slot.start === soon).map(entry));
    for (const list of [first, second]) list.closest("div").hidden = !list.children.length;
    box.hidden = !running.length && soon === Infinity;
  }
};

// The reader's own time beside the venue's, with the weekday where it is another day there.
const ownTime = (time) => {
  const here = new Date(time.dateTime);
  const clock = here.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = new Date(here - here.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  const weekday = here.toLocaleDateString(document.documentElement.lang, { weekday: "short" });
  return day === time.dateTime.slice(0, 10) ? clock : `${weekday} ${clock}`;
};
for (const button of all(".own-zone")) {
  const times = all(".slot-time");
  const differs = all(".slot-time time").some((time) => ownTime(time) !== time.textContent);
  button.classList.toggle("unneeded", !differs);
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", on);
    all(".own-time").forEach((each) => each.remove());
    if (!on) return;
    for (const paragraph of times) {
      const own = document.createElement("span");
      own.className = "own-time";
      own.textContent = button.dataset.own.replace("{time}", ownTime(paragraph.querySelector("time")));
      paragraph.append(own);
    }
  });
}

// Lists that shrink while somebody types.
for (const input of all("[data-filter]")) {
  const items = all(input.dataset.filter).map((element) => ({ element, text: folded(element.textContent) }));
  const output = input.closest(".filter").querySelector("output");
  input.addEventListener("input", () => {
    const words = folded(input.value).split(/\s+/);
    const found = items.filter(({ text }) => words.every((word) => text.includes(word)));
    for (const item of items) item.element.hidden = !found.includes(item);
    output.value = input.value ? output.dataset.count.replace("{count}", found.length).replace("{total}", items.length) : "";
  });
}

// Stars: talks that the reader chose, kept in this browser only.
const kept = "stars of " + (document.querySelector("[data-edition]")?.dataset.edition ?? "");
let stars = new Set();
try {
  stars = new Set(JSON.parse(localStorage.getItem(kept) ?? "[]"));
} catch {
  // A browser that keeps nothing: the stars last as long as the page.
}
const chosen = () => slots.filter(({ element }) => stars.has(element.querySelector("[data-star]")?.dataset.star));

const escaped = (text) => text.replace(/\s+/g, " ").trim().replace(/[\\;,]/g, "\\$&");
const moment = (time) => new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
const folds = (line) => {
  const rows = [""];
  let size = 0;
  for (const letter of line) {
    const bytes = new TextEncoder().encode(letter).length;
    if (size + bytes > 74) [size] = [1, rows.push(" ")];
    rows[rows.length - 1] += letter;
    size += bytes;
  }
  return rows.join("\r\n");
};
const event = (slot) => {
  const { star } = slot.element.querySelector("[data-star]").dataset;
  const link = slot.element.querySelector(".slot-title a");
  const room = slot.element.querySelector(".room") ?? slot.element.closest(".slot:has(.nested)")?.querySelector(".room");
  return [
    "BEGIN:VEVENT", `UID:${star}${document.querySelector("[data-edition]").dataset.edition}`,
    `DTSTAMP:${moment(slot.start)}`, `DTSTART:${moment(slot.start)}`, `DTEND:${moment(slot.end)}`,
    `SUMMARY:${escaped(link.textContent)}`, ...(room ? [`LOCATION:${escaped(room.textContent)}`] : []),
    `URL:${link.href}`, "END:VEVENT",
  ];
};
const calendar = () => ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//lorainne//lorainne//EN", ...chosen().flatMap(event), "END:VCALENDAR", ""]
  .map(folds).join("\r\n");

const showStars = () => {
  for (const button of all("[data-star]")) button.setAttribute("aria-pressed", stars.has(button.dataset.star));
  for (const box of all(".mine")) {
    const buttons = all("button", box);
    for (const button of buttons) button.disabled = !stars.size;
    const only = stars.size > 0 && buttons[0].getAttribute("aria-pressed") === "true";
    document.body.classList.toggle("only-mine", only);
  }
  for (const { element } of slots) element.classList.remove("chosen");
  for (const { element } of chosen()) {
    element.classList.add("chosen");
    element.closest(".slot:has(.nested)")?.classList.add("chosen");
  }
};
for (const button of all("[data-star]")) {
  button.addEventListener("click", () => {
    const { star } = button.dataset;
    if (!stars.delete(star)) stars.add(star);
    try {
      localStorage.setItem(kept, JSON.stringify([...stars]));
    } catch {
      // As above.
    }
    all(".slot.chosen").forEach((slot) => slot.classList.remove("chosen"));
    showStars();
  });
}
for (const box of all(".mine")) {
  const [only, download] = all("button", box);
  only.addEventListener("click", () => {
    only.setAttribute("aria-pressed", only.getAttribute("aria-pressed") !== "true");
    showStars();
  });
  download.addEventListener("click", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([calendar()], { type: "text/calendar" }));
    link.download = "my-programme.ics";
    link.click();
    URL.revokeObjectURL(link.href);
  });
}

const refresh = () => {
  closeRegistration();
  showRunning();
};
refresh();
showStars();
setInterval(refresh, 30_000);
