// The demo's tabs on a phone, and the count of unread messages beside each persona's name.
const tabs = [...document.querySelectorAll('[role="tab"]')];

function show(tab, focus = false) {
  for (const other of tabs) {
    const chosen = other === tab;
    other.setAttribute("aria-selected", String(chosen));
    other.tabIndex = chosen ? 0 : -1;
    document.getElementById(other.getAttribute("aria-controls")).classList.toggle("shown", chosen);
  }
  if (focus) tab.focus();
  tell();
}

// A frame that is not shown counts what arrives as unread.
function tell() {
  for (const frame of document.querySelectorAll("iframe")) {
    frame.contentWindow?.postMessage({ shown: frame.offsetParent !== null }, location.origin);
  }
}

for (const [place, tab] of tabs.entries()) {
  tab.addEventListener("click", () => show(tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) show(tabs[(place + step + tabs.length) % tabs.length], true);
  });
}

addEventListener("message", (event) => {
  if (event.origin !== location.origin || typeof event.data?.unread !== "number") return;
  for (const mark of document.querySelectorAll(`.seat-${CSS.escape(event.data.seat)} .count`)) {
    mark.textContent = String(event.data.unread);
    mark.hidden = event.data.unread === 0;
  }
});
for (const frame of document.querySelectorAll("iframe")) frame.addEventListener("load", tell);
addEventListener("resize", tell);
