// The figure as it stands, as a file: its drawing below its name, above what it says and the address of its page.
// The SVG holds the elements and rules of the figure, so that a browser draws what it draws on the page; the PNG is
// drawn of that, and lies in the SVG for programs that draw no elements of other languages.

// What print leaves out, and what only listeners hear.
const LEFT_OUT = ".lf-top, .lf-stops, .lf-presets, .lf-foot, .lf-status, .lf-hidden, details:not([open])";
const FINENESS = 2; // pixels of the PNG across one of the page
const BROWSERS_ALONE = "http://www.w3.org/TR/SVG11/feature#Extensibility"; // they pass this test, others do not

export async function save(view, card, kind) {
  const picture = pictureOf(view, card);
  const canvas = await painted(picture);
  const file =
    kind === "PNG"
      ? await new Promise((done) => canvas.toBlob(done))
      : new Blob([spelled(picture, canvas.toDataURL())], { type: "image/svg+xml" });
  const name = `${view.name.toLowerCase().replaceAll(/\W+/g, "-")}.${kind.toLowerCase()}`;
  download(file, name);
  return name;
}

function pictureOf(view, card) {
  const copy = copyOf(card),
    address = view.page && location.protocol !== "file:" ? location.href.replace(/#.*/, "") : "";
  copy.prepend(element("p", view.name, "padding-block: 16px 10px; font-size: 1.25em; font-weight: 650"));
  copy.append(element("p", view.sentence, "padding-top: 14px"));
  copy.append(element("p", address, "padding-block: 6px 16px; font-size: 0.75em; overflow-wrap: anywhere"));
  card.after(copy); // for a moment, to learn its height
  const { width, height } = copy.getBoundingClientRect();
  copy.remove();
  const { fontSize } = getComputedStyle(document.documentElement);
  return {
    ...{ title: view.name, words: view.sentence, width: Math.ceil(width), height: Math.ceil(height), fontSize },
    drawing: new XMLSerializer().serializeToString(copy).replace(/<!--.*?-->/g, ""), // the marks of lit-html
  };
}

function copyOf(card) {
  const copy = card.cloneNode(true),
    fields = "input, textarea, select",
    copied = copy.querySelectorAll(fields);
  card.querySelectorAll(fields).forEach((field, k) => {
    // what a reader has typed or chosen is no part of the elements
    if (field.matches("input")) copied[k].setAttribute("value", field.value);
    else if (field.matches("textarea")) copied[k].textContent = field.value;
    else copied[k].replaceWith(element("b", field.selectedOptions[0].textContent));
  });
  for (const part of copy.querySelectorAll(LEFT_OUT)) part.remove();
  copy.classList.remove("lf-glide"); // where it goes, not how
  for (const bar of copy.querySelectorAll(".lf-ghost")) bar.classList.remove("lf-ghost"); // nor whence
  const { width } = card.getBoundingClientRect(),
    brought = new Set([...document.fonts].map((face) => face.family)), // by the page, but not into its pictures
    families = getComputedStyle(card).fontFamily.split(", "),
    fontFamily = families.filter((family) => !brought.has(family)).join(", ");
  copy.style.cssText = `width: ${width}px; border: 0; border-radius: 0; box-shadow: none; font-family: ${fontFamily}`;
  copy.style.setProperty("color-scheme", "light", "important"); // for paper and slides, whatever the theme
  return copy;
}

function element(name, text, style = "") {
  const made = Object.assign(document.createElement(name), { textContent: text });
  made.style.cssText = style;
  return made;
}

// The rules of figures, wherever the page or the notebook has them.
const rules = () =>
  [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText))
    .filter((rule) => rule.includes(".lf"))
    .join("\n");

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function spelled({ title, words, width, height, fontSize, drawing }, png) {
  const size = `width="${width}" height="${height}"`,
    ground = `viewBox="0 0 ${width} ${height}" style="font-size: ${fontSize}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${ground}>
<title>${escaped(title)}</title><desc>${escaped(words)}</desc>
<style>${escaped(rules())}</style>
<rect ${size} fill="#fff"/>
<switch><foreignObject ${size} requiredFeatures="${BROWSERS_ALONE}">${drawing}</foreignObject>
${png ? `<image ${size} href="${png}"/>` : ""}</switch></svg>`;
}

async function painted(picture) {
  const image = new Image(),
    canvas = document.createElement("canvas");
  image.src = `data:image/svg+xml,${encodeURIComponent(spelled(picture))}`;
  await image.decode();
  canvas.width = FINENESS * picture.width;
  canvas.height = FINENESS * picture.height;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function download(file, name) {
  const href = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000); // by then the browser has it
}
