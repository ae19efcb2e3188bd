// Files on their way up: progress, cancel, try again. A file is uploaded at once and travels with the next message.
import { address, find, limit, make, say, session, size, token } from "./place.js";

const AT_ONCE = 2;

export class Tray {
  constructor(changed) {
    this.changed = changed;
    this.box = find("tray");
    this.files = session.get("files", []).map((kept) => ({ ...kept, state: "done" }));
    this.show();
  }

  add(chosen) {
    for (const file of chosen) {
      const refused = file.size > limit;
      const preview = file.type.startsWith("image/") && !refused ? URL.createObjectURL(file) : null;
      const problem = refused ? say("too_large", { name: file.name, most: Math.round(limit / 2 ** 20) }) : "";
      this.files.push({ file, name: file.name, size: file.size, preview, percent: 0, problem, final: refused, state: refused ? "failed" : "waiting" });
    }
    this.next();
  }

  get busy() {
    return this.files.some((one) => one.state === "waiting" || one.state === "rising");
  }

  get ready() {
    return this.files.filter((one) => one.state === "done").map(({ id, name, size: bytes, type, image }) => ({ id, name, size: bytes, type, image }));
  }

  get stuck() {
    return this.files.some((one) => one.state === "failed");
  }

  clear() {
    for (const one of this.files) if (one.preview) URL.revokeObjectURL(one.preview);
    this.files = this.files.filter((one) => one.state === "failed");
    this.update();
  }

  next() {
    const rising = this.files.filter((one) => one.state === "rising").length;
    for (const one of this.files.filter((file) => file.state === "waiting").slice(0, AT_ONCE - rising)) this.raise(one);
    this.update();
  }

  raise(one) {
    const request = (one.request = new XMLHttpRequest());
    one.state = "rising";
    request.open("POST", address("chat/upload"));
    request.setRequestHeader("x-phatngon-token", token);
    request.setRequestHeader("x-phatngon-name", encodeURIComponent(one.name.toWellFormed?.() ?? one.name));
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      one.percent = event.total ? Math.round((100 * event.loaded) / event.total) : 0;
      const bar = one.element?.querySelector("progress");
      if (bar) bar.value = one.percent;
    });
    request.addEventListener("load", () => {
      if (request.status === 200) Object.assign(one, request.response, { state: "done", problem: "" });
      else Object.assign(one, { state: "failed", problem: request.response?.error ?? "", final: request.status < 500 });
      this.next();
    });
    request.addEventListener("error", () => {
      Object.assign(one, { state: "failed", problem: "" });
      this.next();
    });
    request.send(one.file);
  }

  drop(one) {
    one.request?.abort();
    if (one.preview) URL.revokeObjectURL(one.preview);
    this.files = this.files.filter((other) => other !== one);
    this.next();
  }

  retry(one) {
    Object.assign(one, { state: "waiting", problem: "", percent: 0 });
    this.next();
  }

  update() {
    session.set("files", this.ready);
    this.show();
    this.changed();
  }

  show() {
    this.box.hidden = this.files.length === 0;
    this.box.replaceChildren(...this.files.map((one) => (one.element = this.item(one))));
  }

  item(one) {
    const source = one.preview ?? (one.image ? `files/${one.id}` : null);
    const states = { waiting: size(one.size), rising: size(one.size), done: `${size(one.size)} · ${say("uploaded")}`, failed: one.problem || say("upload_failed") };
    const about = make("span", {}, make("b", {}, one.name), make("small", {}, states[one.state]));
    if (one.state === "rising") about.append(make("progress", { max: 100, value: one.percent, "aria-label": say("uploading", { percent: one.percent }) }));
    const again = one.state === "failed" && !one.final ? make("button", { type: "button", onclick: () => this.retry(one) }, say("retry")) : null;
    const away = make("button", { type: "button", "aria-label": say("remove", { name: one.name }), onclick: () => this.drop(one) }, "✕");
    return make("li", { class: one.state }, source ? make("img", { src: source, alt: "" }) : null, about, again, away);
  }
}
