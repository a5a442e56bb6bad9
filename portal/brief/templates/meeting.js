// Keys and clickers for the projector. Without it the links, the list of screens and the browser's own keys do the same.
(() => {
  const screens = [...document.querySelectorAll(".screen")];
  const typed = document.querySelector(".typed");
  const steps = {
    ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, Enter: 1,
    ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Backspace: -1, Home: -Infinity, End: Infinity,
  };
  // Keys of one letter can be turned off (WCAG 2.1.4): voice input types letters that nobody meant as a command.
  const keys = document.querySelector(".keys");
  keys.hidden = false;
  const letters = keys.querySelector("input");
  let at = Math.max(0, screens.findIndex((screen) => `#${screen.id}` === location.hash));
  const show = (wanted) => {
    for (const open of document.querySelectorAll("details[open]")) open.open = false;
    at = Math.min(screens.length - 1, Math.max(0, wanted));
    screens[at].scrollIntoView();
    screens[at].querySelector("h1, h2").focus({ preventScroll: true });
    history.replaceState(null, "", `#${screens[at].id}`);
  };
  // What does not fit on the screen is shown before the next one.
  const rest = () => screens[at].getBoundingClientRect().bottom - innerHeight;
  const go = (step) => {
    if (step === 1 && rest() > innerHeight / 20) scrollBy(0, Math.min(rest(), innerHeight * 0.85));
    else show(at + step);
  };
  const define = (open) => {
    const definition = screens[at].querySelector("details");
    if (definition) definition.open = open ?? !definition.open;
  };
  // A number is typed digit by digit, and Enter goes there. Any other key forgets it.
  const number = (key) => {
    const digits = typed.textContent;
    typed.textContent = /^[0-9]$/.test(key) ? `${digits}${key}`.slice(-2) : "";
    if (key === "Enter" && digits) show(Number(digits) - 1);
    return typed.textContent !== "" || (key === "Enter" && digits !== "");
  };
  addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const control = event.target.closest("a, summary, input");
    if (control && (event.key === "Enter" || event.key === " ")) return;
    const step = steps[event.key];
    if (letters.checked && number(event.key)) event.preventDefault();
    else if (letters.checked && event.key.toLowerCase() === "d") define();
    else if (event.key === "Escape") define(false);
    else if (step) {
      event.preventDefault();
      go(event.key === " " && event.shiftKey ? -1 : step);
    }
  });
  addEventListener("hashchange", () => show(screens.findIndex((screen) => `#${screen.id}` === location.hash)));
})();
