// One message as people see it. Words are only ever set as text: nothing anybody writes becomes markup.
import { day, hour, make, say, size } from "./place.js";

const LINK = /https?:\/\/[^\s<>"“”]+|\b(?:YC|VV|TC|SK)-[0-9A-Z]{7}\b/g;

// The text with its links to follow, and its case codes kept on one line.
export function linked(text) {
  const pieces = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    if (!match[0].startsWith("http")) {
      pieces.push(text.slice(done, match.index), make("span", { class: "code" }, match[0]));
      done = match.index + match[0].length;
      continue;
    }
    const url = match[0].replace(/[.,;:!?)\]}'’]+$/u, "");
    pieces.push(text.slice(done, match.index), make("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, url));
    done = match.index + url.length;
  }
  return [...pieces, text.slice(done)];
}

export const summary = (event) => event.text || (event.files ?? []).map((file) => file.name || say(file.image ? "photo" : "file")).join(", ");

export function files(list, settled) {
  if (!list?.length) return null;
  return make("ul", { class: "files" }, ...list.map((file) => make("li", {}, file.image ? picture(file, settled) : card(file))));
}

function picture(file, settled) {
  const name = file.name || say("photo");
  const image = make("img", { src: `files/${file.id}`, alt: name, onload: settled, onerror: settled });
  return make("a", { href: `files/${file.id}`, target: "_blank", rel: "noopener", "aria-label": say("open_file", { name, size: size(file.size) }) }, image);
}

function card(file) {
  const name = file.name || say("file");
  const ending = (/\.([\p{L}\d]{1,5})$/u.exec(name)?.[1] ?? file.type.split("/")[1].slice(0, 4)).toUpperCase();
  const label = say("open_file", { name, size: size(file.size) });
  return make(
    "a",
    { class: "card", href: `files/${file.id}`, "aria-label": label },
    make("span", { class: "ending", "aria-hidden": "true" }, ending),
    make("span", {}, make("b", {}, name), make("small", {}, size(file.size))),
  );
}

// Everything a bubble lets people do is handed in: reply, edit, choose, jump.
export function bubble(event, quoted, acts) {
  const mine = event.kind !== "told";
  const at = new Date(event.at);
  const kinds = ["message", mine && "mine", event.what === "choice" && "tapped", event.official && "official", event.state];
  const words = make("p", { class: "words" }, ...linked(event.text ?? ""));
  const quote = event.reply_to && quoted !== undefined ? make("button", { class: "quote", type: "button", onclick: () => acts.jump(event.reply_to) }, quoted) : null;
  const seal = event.official ? make("p", { class: "seal" }, say("official")) : null;
  const spoken = make("span", { class: "sr" }, `${mine ? say("you") : say("desk")}: `);
  const body = make("div", { class: "bubble" }, spoken, seal, quote, event.text ? words : null, files(event.files, acts.settled));
  const element = make("article", { class: kinds.filter(Boolean).join(" "), "data-day": day(at) }, body, meta(event, mine, at, acts), choices(event, acts));
  if (event.key) element.dataset.key = event.key;
  return element;
}

function meta(event, mine, at, acts) {
  const act = (label, use) => make("button", { type: "button", class: "act", onclick: use }, label);
  const line = make("div", { class: "meta" }, make("time", { datetime: event.at }, hour(at)));
  if (event.state) {
    line.append(make("span", { class: "state" }, event.problem || say(event.state)));
    if (event.state === "failed") {
      line.append(make("button", { type: "button", onclick: acts.retry }, say("retry")), make("button", { type: "button", onclick: acts.discard }, say("discard")));
    }
    return line;
  }
  if (mine) line.append(make("span", { class: "state" }, say("sent")));
  if (event.what !== "choice") line.append(act(say("reply"), () => acts.reply(event)));
  if (mine && event.what === "text") line.append(act(say("edit"), () => acts.edit(event)));
  return line;
}

function choices(event, acts) {
  if (!event.choices?.length) return null;
  const button = (choice) =>
    make("button", { type: "button", onclick: (tap) => acts.choose(choice, event, tap.currentTarget) }, choice.label);
  return make("div", { class: "choices", role: "group", "aria-label": say("choices") }, ...event.choices.map(button));
}
