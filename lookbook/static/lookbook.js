// What the pages need besides htmx: failures are said, and the keyboard's focus stays near where it was. Nothing here
// is needed to read or to post.
"use strict";

(() => {
  const news = document.getElementById("news");
  const looksByItself = "[hx-trigger^=every]";
  let said = "";
  let near = [];

  function sentence(response) {
    const seconds = Number(response?.headers.get("Retry-After"));
    if (seconds >= 1) return `Please wait ${seconds} ${seconds === 1 ? "second" : "seconds"} and try again.`;
    return "That did not work. Please try again.";
  }

  // At the very end of a request: a refused one may still have exchanged the page's live regions.
  document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
    // Nobody waits for a page's own looks for news: they fail quietly and come again.
    if (ctx.sourceElement.matches(looksByItself) || ctx.hx?.redirect) return;
    if (ctx.status.startsWith("error") || ctx.response?.status >= 400) {
      said = sentence(ctx.response);
      news.textContent = said;
    } else if (news.textContent === said) {
      news.textContent = "";
    }
  });

  // htmx gives the focus back to an element of the same id. Where there is none any more, or none that is visible, it
  // goes to the nearest heading that named what the focus was in: of the chip, of the list, of the section.
  document.addEventListener("htmx:before:swap", () => {
    near = [];
    for (let one = document.activeElement; one; one = one.parentElement) {
      if (one.hasAttribute("aria-labelledby")) near.push(one.getAttribute("aria-labelledby"));
    }
  });

  document.addEventListener("htmx:after:swap", () => {
    for (const id of near) {
      if (document.activeElement !== document.body) return;
      document.getElementById(id)?.focus();
    }
  });
})();
