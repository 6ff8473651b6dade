// Bundles the rooms into dist/: one entry per process or side, shared code in chunks beside them.
import { rm } from "node:fs/promises";
import { build } from "esbuild";

const entryPoints = {
  cli: "src/tui/main.ts",
  daemon: "src/daemon/main.ts",
  offline: "src/daemon/offline/main.ts",
  index: "src/daemon/index.ts",
  "driver-process": "src/daemon/device/driver-process.ts",
  "prepare-worker": "src/daemon/jobs/prepare-worker.ts",
};

await rm("dist", { recursive: true, force: true });
await build({
  entryPoints,
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  packages: "external",
  sourcemap: true,
  chunkNames: "chunk-[hash]",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
});
