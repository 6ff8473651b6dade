// Writes asyncapi.json, openapi.json and schemas/ anew, from the schemas that the daemon checks messages with.
// A test fails when what lies here differs from what they give: run `node docs/make.js` then, and look at the change.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const built = here("../node_modules/.bench/api-documents.js");

await build({
  entryPoints: [here("../src/daemon/server/api-documents.ts")],
  outfile: built,
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  logLevel: "warning",
});
const { apiDocuments } = await import(pathToFileURL(built).href);

await rm(here("schemas"), { recursive: true, force: true });
for (const [file, document] of Object.entries(apiDocuments())) {
  await mkdir(dirname(here(file)), { recursive: true });
  await writeFile(here(file), `${JSON.stringify(document, null, 2)}\n`);
}
