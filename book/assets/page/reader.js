// What guess.js, marks.js and own-calibration.js share. What a reader did stays in this browser and is never sent.
window.reader = {
  /** The object that the browser keeps under a key. */
  kept(key) {
    try {
      const found = JSON.parse(localStorage.getItem(key));
      return found?.constructor === Object ? found : {};
    } catch {
      return {}; // the storage may be blocked or hold anything
    }
  },

  /** Add to it; other pages may be open, and keep theirs meanwhile. */
  keep(key, news) {
    try {
      localStorage.setItem(key, JSON.stringify({ ...this.kept(key), ...news }));
    } catch {
      /* nothing is kept, and the page goes on */
    }
  },

  pageOf: (address) => address.pathname.replace(/.*\//, "").replace(/\.html$/, ""),

  element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  },
};
