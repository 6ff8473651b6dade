import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { loadConfig } from "../../src/daemon/config.ts";
import { readSamples, sample } from "./seeds.ts";

function load(text: string) {
  const directory = mkdtempSync(join(tmpdir(), "plotty-seed-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "config.yaml");
  writeFileSync(file, text);
  return loadConfig({ env: {}, file });
}

test("the seeds' websocket section loads as it stands and is the default", (context) => {
  const found = sample("yaml", "websocket:\n  enabled: true");
  if ("missing" in found) return context.skip(found.missing);
  const { config, warnings } = load(found.code);
  expect(config).toEqual(loadConfig({ env: { HOME: "/nowhere" } }).config);
  expect(warnings).toEqual([]);
});

test("the seeds' hooks section loads as it stands", (context) => {
  const found = sample("yaml", "hooks:");
  if ("missing" in found) return context.skip(found.missing);
  const { hooks } = load(found.code).config;
  expect(hooks.RUNNING).toEqual([{ command: "echo 'Job started'" }, { websocket: true }]);
  expect(Object.keys(hooks)).toEqual(["RUNNING", "COMPLETED", "FAILED"]);
});

test("the seeds' logging section loads as it stands", (context) => {
  const found = sample("yaml", "logging:");
  if ("missing" in found) return context.skip(found.missing);
  expect(load(found.code).config.logging).toEqual({ level: "debug", modules: ["plotty.websocket"] });
});

test("every YAML sample of the seeds is one of these three", (context) => {
  const samples = readSamples();
  if (typeof samples === "string") return context.skip(samples);
  expect(samples.filter(({ language }) => language === "yaml")).toHaveLength(3);
});
