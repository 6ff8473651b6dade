// Compiles src/daemon/optimize/kernel (AssemblyScript) to WebAssembly, and hands it to bundlers as the bytes of `kernel.wasm`.
// The search is the longest stage of a plan; compiled ahead it starts at full speed, where JavaScript first spends as long warming up.
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCES = fileURLToPath(new URL("src/daemon/optimize/kernel/", import.meta.url));
const CACHE = fileURLToPath(new URL("node_modules/.cache/plotty/", import.meta.url));
const OPTIONS = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--use", "abort="];

/** For esbuild: `import bytes from "./kernel.wasm"` is a Uint8Array. */
export function kernelForEsbuild() {
  return {
    name: "kernel",
    setup(bundler) {
      bundler.onResolve({ filter: /\/kernel\.wasm$/ }, () => ({ path: "kernel.wasm", namespace: "kernel" }));
      bundler.onLoad({ filter: /.*/, namespace: "kernel" }, async () => ({
        contents: await compileKernel(),
        loader: "binary",
      }));
    },
  };
}

/** The same for vite, which runs the tests from the sources. */
export function kernelForVite() {
  const id = "\0kernel.wasm";
  return {
    name: "kernel",
    enforce: "pre",
    resolveId: (source) => (source.endsWith("/kernel.wasm") ? id : null),
    load: async (asked) =>
      asked === id
        ? `export default Buffer.from("${(await compileKernel()).toString("base64")}", "base64");`
        : null,
  };
}

/** @returns the module's bytes; compiled once for each state of the sources */
async function compileKernel() {
  const names = (await readdir(SOURCES)).filter((name) => name.endsWith(".ts")).sort();
  const hash = createHash("sha256").update(OPTIONS.join(" "));
  for (const name of names) hash.update(name).update(await readFile(join(SOURCES, name)));
  const path = join(CACHE, `kernel-${hash.digest("hex").slice(0, 16)}.wasm`);
  return readFile(path).catch(() => compileTo(path));
}

async function compileTo(path) {
  const { main } = await import("assemblyscript/asc");
  await mkdir(CACHE, { recursive: true });
  const fresh = `${path}.${randomUUID()}`;
  const { error, stderr } = await main([join(SOURCES, "index.ts"), "--outFile", fresh, ...OPTIONS]);
  if (error) throw new Error(`the kernel does not compile: ${error.message}\n${stderr}`);
  await rename(fresh, path);
  return readFile(path);
}
