// Writing: text, files, what it answers or mends. Nothing typed is lost on reload.
import { summary } from "./bubble.js";
import { find, make, newKey, say, session } from "./place.js";
import { Tray } from "./tray.js";

export class Composer {
  constructor(queue) {
    this.queue = queue;
    this.form = find("composer");
    this.text = find("text");
    this.about = find("about");
    this.status = find("status");
    this.due = false; // sent, but its files are still on their way up
    this.text.value = session.get("draft", "");
    this.aim = session.get("aim", null); // {act: "reply" | "edit", key, words}
    this.tray = new Tray(() => this.advance());
    this.listen();
    this.showAim();
    this.fit();
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.text.addEventListener("input", () => {
      session.set("draft", this.text.value);
      this.fit();
    });
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("paste", (event) => this.take(event, event.clipboardData));
    find("pick").addEventListener("change", (event) => {
      this.tray.add(event.target.files);
      event.target.value = "";
      this.text.focus();
    });
    find("chips").addEventListener("click", (event) => {
      if (event.target.dataset.say) this.say({ kind: "text", text: event.target.dataset.say });
    });
    const body = document.body;
    body.dataset.drop = say("drop");
    const carries = (event) => event.dataTransfer?.types.includes("Files");
    body.addEventListener("dragover", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      body.classList.add("dropping");
    });
    body.addEventListener("dragleave", (event) => event.relatedTarget || body.classList.remove("dropping"));
    body.addEventListener("drop", (event) => {
      body.classList.remove("dropping");
      this.take(event, event.dataTransfer);
    });
  }

  // Enter sends where there is a keyboard; on a phone it breaks the line. While a syllable is being composed it does neither.
  key(event) {
    if (event.key === "Escape" && this.aim) this.point(null);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(hover: none)").matches) return;
    event.preventDefault();
    this.send();
  }

  take(event, carried) {
    if (!carried?.files.length) return;
    event.preventDefault();
    this.tray.add(carried.files);
  }

  send() {
    if (this.tray.busy) {
      this.due = true;
      this.status.textContent = say("wait_upload");
      return;
    }
    const text = this.text.value.trim();
    const shown = this.tray.ready;
    if (!text && !shown.length) return this.text.focus();
    const files = shown.map((file) => file.id);
    const aim = this.aim?.act === "reply" ? { reply_to: this.aim.key } : this.aim ? { edits: this.aim.key } : {};
    this.say({ kind: this.aim?.act === "edit" ? "edit" : "text", text, files, ...aim }, shown);
    this.due = false;
    this.text.value = "";
    session.set("draft", "");
    this.tray.clear();
    this.point(null);
    this.fit();
    this.text.focus();
  }

  offer(chips) {
    find("chips").replaceChildren(...chips.map((chip) => make("button", { type: "button", class: "chip", "data-say": chip.say }, chip.label)));
  }

  say(saying, files) {
    this.queue.add({ id: newKey(), ...saying }, files);
  }

  advance() {
    if (!this.due || this.tray?.busy) return;
    this.due = false;
    this.status.textContent = "";
    if (!this.tray.stuck) this.send();
  }

  reply(event) {
    this.point({ act: "reply", key: event.key, words: summary(event) });
  }

  edit(event) {
    this.text.value = event.text;
    session.set("draft", event.text);
    this.fit();
    this.point({ act: "edit", key: event.key, words: event.text });
  }

  point(aim) {
    if (this.aim?.act === "edit" && !aim && this.text.value === this.aim.words) {
      this.text.value = "";
      session.set("draft", "");
      this.fit();
    }
    this.aim = aim;
    session.set("aim", aim);
    this.showAim();
    this.text.focus();
  }

  showAim() {
    this.about.hidden = !this.aim;
    if (!this.aim) return this.about.replaceChildren();
    const label = say(this.aim.act === "edit" ? "editing" : "replying");
    const words = make("p", {}, make("b", {}, label), ` ${this.aim.words}`);
    this.about.replaceChildren(words, make("button", { type: "button", onclick: () => this.point(null) }, say("cancel")));
  }

  fit() {
    this.text.style.height = "auto";
    this.text.style.height = `${this.text.scrollHeight + 2}px`;
  }
}
