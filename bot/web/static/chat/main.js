// The chat page: history, then the stream; what is said goes through the queue and comes back as an event.
import { Composer } from "./composer.js";
import { Log } from "./log.js";
import { Queue, Refused, Stream, history, post } from "./net.js";
import { find, newKey, say } from "./place.js";

const offline = find("offline");
const older = find("older");
let first = 0;
let gone;
let known = false; // whether the office knows who this is
let asking;

const queue = new Queue(() => log?.wait(queue.waiting));
const log = new Log({
  reply: (event) => composer.reply(event),
  edit: (event) => composer.edit(event),
  retry: () => queue.retry(),
  discard: (key) => queue.discard(key),
  choose(choice, event, button) {
    if (button.getAttribute("aria-disabled") === "true") return; // a double click is one choice
    button.setAttribute("aria-disabled", "true");
    setTimeout(() => button.removeAttribute("aria-disabled"), 1200);
    log.toEnd();
    queue.add({ id: newKey(), kind: "choice", choice: choice.action, text: choice.label });
  },
});
const composer = new Composer(queue);

const stream = new Stream({
  event(event) {
    if (event.key) queue.seen(event.key);
    log.add(event);
    if (event.kind === "told" && !known) introduce();
    log.wait(queue.waiting);
  },
  up() {
    clearTimeout(gone);
    gone = undefined;
    offline.hidden = true;
    queue.wake();
  },
  // A moment's interruption is not worth a word.
  down: () => (gone ??= setTimeout(() => notice(say("offline")), 2500)),
  refused: (sentence) => notice(sentence),
});

// A stranger may have just registered or come in with a code: the quick commands change with the role.
function introduce() {
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const page = await history(1).catch(() => null);
    if (page?.known) composer.offer(page.chips);
    known = page?.known ?? false;
  }, 800);
}

function notice(sentence) {
  offline.textContent = sentence;
  offline.hidden = false;
}

addEventListener("offline", () => notice(say("offline")));

older.addEventListener("click", async () => {
  const page = await history(first).catch(() => null);
  if (!page) return;
  first = page.events[0]?.id ?? first;
  older.hidden = !page.more;
  log.prepend(page.events);
});

async function begin(pause = 1000) {
  try {
    const page = await history();
    first = page.events[0]?.id ?? 0;
    known = page.known;
    older.hidden = !page.more;
    stream.last = page.events.at(-1)?.id ?? 0;
    for (const event of page.events) if (event.key) queue.seen(event.key);
    log.begin(page.events);
    log.wait(queue.waiting);
    stream.open();
    queue.wake();
    if (!page.events.length) await post("chat/hello", {});
  } catch (error) {
    if (error instanceof Refused) return notice(error.message);
    notice(say("offline"));
    setTimeout(() => begin(Math.min(pause * 2, 15_000)), pause);
  }
}

begin();
