// The wire: one stream of what is new, one queue of what is said. Both survive a lost connection and a restarted server.
import { address, session, token } from "./place.js";

export class Refused extends Error {}

export async function post(path, body) {
  const response = await fetch(address(path), {
    method: "POST",
    headers: { "x-phatngon-token": token, "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return response.json();
  const answer = await response.json().catch(() => ({}));
  throw response.status < 500 && answer.error ? new Refused(answer.error) : new Error(answer.error ?? String(response.status));
}

export async function history(before) {
  const response = await fetch(address("chat/history", before ? { before } : {}), { headers: { accept: "application/json" } });
  const answer = await response.json();
  if (response.ok) return answer;
  throw response.status < 500 ? new Refused(answer.error) : new Error(answer.error);
}

// Says things one after another, in order; a saying keeps its id, so that sending it twice stores it once.
export class Queue {
  constructor(changed) {
    this.changed = changed;
    this.waiting = session.get("waiting", []);
    this.busy = false;
  }

  // `files` is how its files look while it waits.
  add(saying, files = []) {
    this.waiting.push({ saying, files, state: "sending", at: Date.now() });
    this.save();
    this.go();
  }

  save() {
    session.set("waiting", this.waiting);
    this.changed();
  }

  // The saying stands in the timeline: nothing more to do about it.
  seen(key) {
    const left = this.waiting.filter((one) => one.saying.id !== key);
    if (left.length !== this.waiting.length) {
      this.waiting = left;
      this.save();
    }
  }

  discard(key) {
    this.seen(key);
  }

  retry() {
    for (const one of this.waiting) if (one.state === "failed") Object.assign(one, { state: "sending", problem: "", final: false });
    this.save();
    this.go();
  }

  // What failed only for want of a connection goes again by itself.
  wake() {
    for (const one of this.waiting) if (one.state === "failed" && !one.final) one.state = "sending";
    this.save();
    this.go();
  }

  async go() {
    if (this.busy) return;
    this.busy = true;
    for (let one = this.next(); one; one = this.next()) {
      try {
        await post("chat/send", one.saying);
        one.state = "sent";
      } catch (error) {
        Object.assign(one, { state: "failed", final: error instanceof Refused, problem: error instanceof Refused ? error.message : "" });
        if (!one.final) {
          for (const other of this.waiting) if (other.state === "sending") other.state = "failed";
          setTimeout(() => this.wake(), 5000);
        }
      }
      this.save();
    }
    this.busy = false;
  }

  next() {
    return this.waiting.find((one) => one.state === "sending");
  }
}

const SILENCE = 50_000; // the server's heart beats every 20 seconds

// Tails the chat; after any interruption it asks for what came after the last event seen.
export class Stream {
  constructor({ event, up, down, refused }) {
    Object.assign(this, { event, up, down, refused, last: 0, pause: 1000 });
    addEventListener("online", () => this.open());
    document.addEventListener("visibilitychange", () => document.hidden || this.check());
    setInterval(() => this.check(), 10_000);
  }

  open() {
    this.source?.close();
    clearTimeout(this.timer);
    this.heard = Date.now();
    const source = (this.source = new EventSource(address("chat/events", { after: this.last })));
    const heard = (use) => (message) => {
      this.heard = Date.now();
      this.pause = 1000;
      use?.(message);
    };
    source.addEventListener("open", heard(this.up));
    source.addEventListener("beat", heard());
    source.addEventListener(
      "message",
      heard((message) => {
        const event = JSON.parse(message.data);
        if (event.id <= this.last) return;
        this.last = event.id;
        this.event(event);
      }),
    );
    source.addEventListener("error", () => this.lost(source));
  }

  lost(source) {
    if (source !== this.source) return;
    this.down();
    if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.again(), this.pause);
    this.pause = Math.min(this.pause * 2, 15_000);
  }

  // The stream was refused or the server is away: a plain request tells which.
  async again() {
    try {
      await history(1);
      this.open();
    } catch (error) {
      if (error instanceof Refused) this.refused(error.message);
      else this.lost(this.source);
    }
  }

  check() {
    if (this.heard && Date.now() - this.heard > SILENCE) this.open();
  }
}
