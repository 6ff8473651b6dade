// `npm run bench -- NAME [words]`: bundles bench/NAME.ts and the programs that it starts (bench/NAME-*.ts), and runs it.
// A bench exports `run(args: string[]): Promise<void>`.
import { readdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { kernelForEsbuild } from "../build-kernel.js";

const here = fileURLToPath(new URL(".", import.meta.url));
/** Two folders deep, like the sources, so that what looks for dist/ finds it; inside the package, so that packages are found. */
const built = fileURLToPath(new URL("../node_modules/.bench/", import.meta.url));

const sources = readdirSync(here).filter((file) => file.endsWith(".ts"));
const names = sources.map((file) => file.slice(0, -3)).filter((name) => !name.includes("-"));
const [name, ...args] = process.argv.slice(2);

if (name === undefined || !names.includes(name)) {
  process.stderr.write(`which bench? npm run bench -- ${names.join(" | ")}\n`);
  process.exitCode = 2;
} else {
  await build({
    entryPoints: sources
      .filter((file) => file === `${name}.ts` || file.startsWith(`${name}-`))
      .map((file) => here + file),
    outdir: built,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20.19",
    sourcemap: true,
    logLevel: "warning",
    plugins: [kernelForEsbuild()],
  });
  const { run } = await import(pathToFileURL(`${built}${name}.js`).href);
  await run(args);
}
