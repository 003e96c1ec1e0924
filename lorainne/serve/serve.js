// Only `lorainne serve` adds this to a page: it loads the page anew when the site has changed, and shows
// what is wrong with the content over the last good page.
(() => {
  const { watch, shown } = document.currentScript.dataset;
  const style = new CSSStyleSheet(); // not a <style> element: a page may forbid those
  style.replaceSync(`
    :host { all: initial; position: fixed; inset: auto 0 0 0; z-index: 2147483647; color-scheme: light dark;
      font: 16px/1.5 system-ui, sans-serif; color: CanvasText }
    section { box-sizing: border-box; max-height: 60vh; overflow: auto; padding: 12px 20px 20px;
      background: Canvas; border-top: 6px solid #c0392b; box-shadow: 0 0 24px #0006 }
    section.mild { margin: 0 12px 12px auto; width: max-content; max-width: 90vw; padding: 4px 12px;
      border: 2px solid #b7791f; border-radius: 6px }
    h2, ul { margin: 0; padding: 0; font-size: inherit; list-style: none }
    li { margin-top: 12px } pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; font: 14px/1.4 ui-monospace, monospace }
    button { float: right; font: inherit } a { color: LinkText; margin-right: 16px }
    @media print { :host { display: none } }`);
  const host = document.createElement("lorainne-problems");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [style];

  function add(parent, tag, text, attributes = {}) {
    const element = Object.assign(document.createElement(tag), attributes);
    element.textContent = text;
    parent.append(element);
    return element;
  }

  function show({ summary, broken, problems, list }) {
    root.replaceChildren();
    if (!summary || watch !== "site") return host.remove();
    const box = add(root, "section", "", { className: broken ? "" : "mild" });
    box.setAttribute("role", broken ? "alert" : "status");
    if (broken) {
      add(box, "button", "Hide", { type: "button" }).addEventListener("click", () => host.remove());
      add(box, "h2", `${summary}; this is the last good page`);
      const items = add(box, "ul", "");
      for (const problem of problems) {
        const item = add(items, "li", "");
        add(item, "pre", problem.text);
        if (problem.editor) add(item, "a", "Open in Visual Studio Code", { href: problem.editor });
        add(item, "a", "More about it", { href: problem.page });
      }
    }
    add(box, "a", broken ? "All of them on one page" : summary, { href: list });
    document.body.append(host);
  }

  addEventListener("keydown", (event) => event.key === "Escape" && host.remove());

  let source;
  function listen() {
    if (document.hidden) return source?.close(); // a browser has six connections for all its tabs
    source = new EventSource("/~lorainne/events");
    source.onmessage = ({ data }) => {
      const told = JSON.parse(data);
      if (told[watch] !== shown) return location.reload();
      show(told);
    };
  }
  document.addEventListener("visibilitychange", listen);
  listen();
})();
