// The log: events in order, what still waits to be sent below them, what is new marked.
import { bubble, linked, summary } from "./bubble.js";
import { day, find, lasting, make, say, seat } from "./place.js";

const NEAR = 120; // pixels from the end that still count as reading the newest

export class Log {
  constructor(acts) {
    this.acts = { ...acts, settled: () => this.follow(), jump: (key) => this.jump(key) };
    this.box = find("log");
    this.scroll = find("scroll");
    this.below = find("below");
    this.events = new Map(); // by key
    this.edits = new Map(); // newest words by key of the first message
    this.pending = [];
    this.unread = 0;
    this.atEnd = true;
    this.shown = true;
    this.seen = lasting.get("seen", null);
    this.title = document.title;
    this.scroll.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.below.addEventListener("click", () => this.toEnd());
    document.addEventListener("visibilitychange", () => this.look());
    addEventListener("focus", () => this.look());
    addEventListener("resize", () => this.follow());
    addEventListener("message", (message) => {
      if (message.origin !== location.origin || message.source !== parent || typeof message.data?.shown !== "boolean") return;
      this.shown = message.data.shown;
      this.follow();
      this.look();
    });
  }

  // The newest page, before anything is announced.
  begin(events) {
    const fresh = this.seen === null ? undefined : events.find((event) => event.kind === "told" && event.id > this.seen);
    for (const event of events) {
      if (event === fresh) this.box.append(make("p", { class: "fresh" }, say("new")));
      this.append(event);
    }
    this.box.removeAttribute("aria-busy");
    this.toEnd();
    this.look();
  }

  add(event) {
    if (event.kind === "told" && !this.reading()) this.count(event);
    this.append(event);
    this.follow();
    this.look();
  }

  append(event) {
    this.last = event.id;
    if (event.kind === "edited") this.mend(event);
    const element = this.element(event);
    if (!element) return;
    const before = this.pending[0] ?? null;
    const previous = [...this.box.querySelectorAll("[data-day]:not(.waiting)")].at(-1);
    if (previous?.dataset.day !== element.dataset.day) this.box.insertBefore(make("p", { class: "day" }, element.dataset.day), before);
    this.box.insertBefore(element, before);
    this.newest();
  }

  prepend(events) {
    const height = this.scroll.scrollHeight;
    const elements = [];
    let today = "";
    for (const event of [...events].reverse()) if (event.kind === "edited" && !this.edits.has(event.edits)) this.mend(event);
    for (const event of events) {
      const element = this.element(event);
      if (!element) continue;
      if (element.dataset.day !== today) elements.push(make("p", { class: "day" }, (today = element.dataset.day)));
      elements.push(element);
    }
    const first = this.box.firstElementChild;
    if (first?.classList.contains("day") && first.textContent === today) first.remove();
    this.box.prepend(...elements);
    this.newest();
    this.scroll.scrollTop += this.scroll.scrollHeight - height;
  }

  element(event) {
    if (event.kind === "edited" || event.what === "start") return null;
    if (event.what === "entered") return make("p", { class: "note", "data-day": day(new Date(event.at)) }, say("entered"));
    if (event.key) this.events.set(event.key, event);
    const element = bubble(event, this.quote(event), this.acts);
    const edited = event.key && this.edits.get(event.key);
    if (edited) this.reword(element, event, edited);
    return element;
  }

  quote(event) {
    const target = event.reply_to && this.events.get(event.reply_to);
    return target ? summary(target) : undefined;
  }

  // A message said differently: the bubble shows the newest words, the office keeps them all.
  mend(event) {
    this.edits.set(event.edits, event.text);
    const element = this.bubbleOf(event.edits);
    if (element && event.text) this.reword(element, this.events.get(event.edits), event.text);
  }

  reword(element, event, text) {
    event.text = text;
    element.querySelector(".words")?.replaceChildren(...linked(text));
    if (!element.querySelector(".edited")) element.querySelector(".meta time").after(make("span", { class: "edited" }, say("edited")));
  }

  // What waits to be sent always stands below what was said.
  wait(waiting) {
    for (const element of this.pending) element.remove();
    this.pending = waiting
      .filter(({ saying, state }) => (saying.kind !== "edit" || state === "failed") && !this.events.has(saying.id))
      .map((one) => {
        const { saying, state, problem } = one;
        const event = { kind: "said", what: saying.kind, text: saying.text, files: one.files, reply_to: saying.reply_to, at: new Date(one.at).toISOString(), state, problem };
        const acts = { ...this.acts, retry: () => this.acts.retry(), discard: () => this.acts.discard(saying.id) };
        const element = bubble(event, this.quote(event), acts);
        element.classList.add("waiting");
        return element;
      });
    this.box.append(...this.pending);
    this.follow();
  }

  // Old choices stay usable; the newest stand out.
  newest() {
    for (const old of this.box.querySelectorAll(".newest")) old.classList.remove("newest");
    [...this.box.querySelectorAll(".message:has(.choices)")].at(-1)?.classList.add("newest");
  }

  bubbleOf(key) {
    return this.box.querySelector(`[data-key="${CSS.escape(key)}"]`);
  }

  jump(key) {
    const element = this.bubbleOf(key);
    element?.scrollIntoView({ block: "center" });
    element?.classList.add("flash");
    setTimeout(() => element?.classList.remove("flash"), 1500);
  }

  scrolled() {
    this.atEnd = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR;
    if (this.atEnd) this.look();
  }

  follow() {
    if (this.atEnd) this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  toEnd() {
    this.atEnd = true;
    this.follow();
    this.look();
  }

  reading() {
    return this.atEnd && this.shown && !document.hidden;
  }

  count(event) {
    if (this.unread === 0) {
      this.box.querySelector(".fresh")?.remove();
      this.box.insertBefore(make("p", { class: "fresh" }, say("new")), this.pending[0] ?? null);
    }
    this.unread += 1;
  }

  // Whoever sees the end has read everything.
  look() {
    if (this.reading()) {
      this.unread = 0;
      if (this.last) lasting.set("seen", this.last);
    }
    document.title = this.unread ? `(${this.unread}) ${this.title}` : this.title;
    this.below.hidden = this.unread === 0 || this.atEnd;
    this.below.textContent = say("new_below", { count: this.unread });
    if (parent !== window) parent.postMessage({ unread: this.unread, seat }, location.origin);
  }
}
