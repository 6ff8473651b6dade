import { closeSync, fsyncSync, openSync, rmSync } from "node:fs";
import type Database from "libsql";
import { PlottyError } from "../shared/errors.ts";
import { MIGRATIONS } from "./migrations.ts";
import { damaged } from "./store-error.ts";

type Sqlite = Database.Database;

/**
 * Brings the tables to the schema of this plotty, each step whole or not at all; before the first one the database is copied
 * beside itself. Throws `store.unusable` for one that is damaged or of a newer plotty, and leaves it as it is.
 */
export function migrate(sql: Sqlite, file: string, migrations: readonly string[] = MIGRATIONS): void {
  demandWhole(sql, file);
  const version = versionOf(sql);
  if (version > migrations.length) {
    const before = backupFile(file, migrations.length);
    throw new PlottyError(
      "store.unusable",
      `${file} was written by a newer plotty (schema ${version}, this one knows ${migrations.length}): update plotty, or put the copy that was made before in its place, such as ${before}`,
    );
  }
  if (version > 0 && version < migrations.length) backUp(sql, backupFile(file, version));
  for (const [index, migration] of migrations.entries()) {
    if (index >= version) step(sql, migration, index + 1);
  }
}

function step(sql: Sqlite, migration: string, version: number): void {
  sql.exec("BEGIN IMMEDIATE");
  try {
    sql.exec(migration);
    sql.exec(`PRAGMA user_version = ${version}; COMMIT`);
  } catch (error) {
    if (sql.inTransaction) sql.exec("ROLLBACK");
    throw error;
  }
}

/** A damaged database often opens and reads well for a while: then it loses what is written to it. */
function demandWhole(sql: Sqlite, file: string): void {
  const row = sql.prepare("PRAGMA quick_check(1)").get() as { quick_check: string };
  if (row.quick_check !== "ok") throw damaged(file, row.quick_check.split("\n").at(-1)!);
}

function versionOf(sql: Sqlite): number {
  return Number((sql.prepare("PRAGMA user_version").get() as { user_version: number }).user_version);
}

function backupFile(file: string, version: number): string {
  return `${file}.schema-${version}.backup`;
}

/** On disk and whole when this returns, for its owner alone. */
function backUp(sql: Sqlite, file: string): void {
  rmSync(file, { force: true }); // of an attempt that did not come to its end
  closeSync(openSync(file, "wx", 0o600));
  sql.prepare("VACUUM INTO ?").run(file);
  const written = openSync(file, "r+");
  fsyncSync(written);
  closeSync(written);
}
