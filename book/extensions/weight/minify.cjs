// node minify.cjs ESBUILD < PATHS: make the scripts at these paths small, each in its place.
const fs = require("node:fs");

globalThis.self = globalThis; // as in a browser, which esbuild's WebAssembly is made for

async function minify(folder, paths) {
  const esbuild = require(`${folder}/lib/browser.js`);
  const wasmModule = new WebAssembly.Module(fs.readFileSync(`${folder}/esbuild.wasm`));
  await esbuild.initialize({ wasmModule, worker: false });
  for (const sourcefile of paths) {
    const source = fs.readFileSync(sourcefile, "utf8");
    const { code } = await esbuild.transform(source, { sourcefile, minify: true, charset: "utf8" });
    fs.writeFileSync(sourcefile, code);
  }
}

minify(process.argv[2], JSON.parse(fs.readFileSync(0, "utf8"))).catch(({ message }) => {
  console.error(message);
  process.exit(1);
});
