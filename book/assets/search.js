// What Sphinx's search leaves to wish for, on the search page alone, after its own scripts and the index.
(() => {
  // what a reader can type is no name of something that every object has: "constructor"
  const own = (words) =>
    Object.assign(Object.create({ __proto__: null, hasOwnProperty: Object.prototype.hasOwnProperty }), words);
  const { _index: index } = Search;
  index.terms = own(index.terms);
  index.titleterms = own(index.titleterms);

  // an excerpt is of the text: each formula once, no toolbar
  const NOT_TEXT =
    ".bd-header-article, .onlyprint, .prev-next-footer, .katex-html, annotation, .lf-trouble, noscript, button";
  const { htmlToText } = Search;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const element of page.querySelectorAll(NOT_TEXT)) element.remove();
    for (const block of page.querySelectorAll("dt, dd, p, li, h1, h2, h3, td, th, pre")) block.append(" ");
    return htmlToText(page.documentElement.outerHTML, anchor).replace(/\s+/g, " ");
  };
})();
