import { setFlagsFromString } from "node:v8";

// As bin/plotty.js does before it loads the daemon.
setFlagsFromString("--semi-space-growth-factor=1");
await import(new URL("./fanout-daemon.js", import.meta.url).href);
