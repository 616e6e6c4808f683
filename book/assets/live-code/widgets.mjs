// Live figures in a kernel are anywidgets. Thebe would fetch require.js and anywidget from other hosts; here the front
// end of anywidget lies beside this file, and the little of AMD that it needs is `define`.
const offered = {}; // the modules that Thebe offers to widgets
let anywidget;

/** Run a classic script; resolves to the AMD module that it defines, if any. */
export function loadScript(name) {
  return new Promise((resolve, reject) => {
    let made;
    window.define = (first, second) => {
      if (typeof first === "string") offered[first] = second;
      else made = second(...first.map((need) => offered[need]));
    };
    const script = Object.assign(document.createElement("script"), { src: new URL(name, import.meta.url) });
    script.addEventListener("load", () => {
      delete window.define;
      resolve(made);
    });
    script.addEventListener("error", () => reject(new Error("A part of this site did not load.")));
    document.head.append(script);
  });
}

export async function offerWidgets(manager) {
  anywidget ??= await loadScript("anywidget.js");
  // JupyterLab's, not Thebe's with require.js.
  const { loadClass } = Object.getPrototypeOf(Object.getPrototypeOf(manager));
  manager.loadClass = (name, module, version) =>
    module === "anywidget" ? anywidget[name] : loadClass.call(manager, name, module, version);
}
