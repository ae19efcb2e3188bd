// Where this page stands: its seat, its token, its sentences, and what the browser keeps for it.
const chat = document.getElementById("chat");
const sentences = JSON.parse(chat.dataset.sentences);
const language = document.documentElement.lang;

// Beside other personas the frame around the chat says what this is.
document.body.classList.toggle("framed", parent !== window);

export const token = chat.dataset.token;
export const limit = Number(chat.dataset.limit);
export const seat = chat.dataset.seat;

export const say = (key, values = {}) => sentences[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
export const find = (id) => document.getElementById(id);

// All addresses are relative to the page: the same chat is served at several places.
export function address(path, values = {}) {
  const query = new URLSearchParams(values);
  if (language !== "vi") query.set("lang", language);
  return query.size ? `${path}?${query}` : path;
}

// randomUUID exists only on https; this works on a local network too.
export const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// A private window may refuse storage: then nothing is kept, and nothing breaks.
function shelf(storage) {
  const name = (key) => `phatngon:${seat}:${key}`;
  return {
    get(key, otherwise) {
      try {
        return JSON.parse(storage().getItem(name(key))) ?? otherwise;
      } catch {
        return otherwise;
      }
    },
    set(key, value) {
      try {
        storage().setItem(name(key), JSON.stringify(value));
      } catch {
        // full or refused
      }
    },
  };
}
export const session = shelf(() => sessionStorage);
export const lasting = shelf(() => localStorage);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat(language, { weekday: "long", day: "2-digit", month: "2-digit", year: "numeric" });

export const hour = (at) => clock.format(at);

export function day(at) {
  const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
  const ago = Math.round((midnight(new Date()) - midnight(at)) / 86_400_000);
  return ago === 0 ? say("today") : ago === 1 ? say("yesterday") : calendar.format(at);
}

export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const [amount, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${amount.toLocaleString(language, { maximumFractionDigits: amount < 10 ? 1 : 0 })} ${unit}`;
}
