// Keys and clickers for the projector. Without it the links "next" and "back" and the browser's own keys do the same.
(() => {
  const screens = [...document.querySelectorAll(".screen")];
  const steps = {
    ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, Enter: 1,
    ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Backspace: -1, Home: -Infinity, End: Infinity,
  };
  let at = Math.max(0, screens.findIndex((one) => `#${one.id}` === location.hash));
  const show = (wanted) => {
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
  addEventListener("keydown", (event) => {
    const step = steps[event.key];
    const follows = event.target.closest("a") && event.key === "Enter";
    if (!step || follows || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    go(event.key === " " && event.shiftKey ? -1 : step);
  });
  addEventListener("hashchange", () => show(screens.findIndex((one) => `#${one.id}` === location.hash)));
})();
