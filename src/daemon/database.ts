import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { PlottyError } from "../shared/errors.ts";
import { makeDirectory } from "./make-directory.ts";
import { migrate } from "./migrate.ts";
import { storeError } from "./store-error.ts";

export type Sqlite = Database.Database;

/** The daemon's one database, locked for this process until `close`. */
export class PlottyDatabase {
  readonly sql: Sqlite;
  readonly #lock: Sqlite;
  #isOpen = true;

  constructor(sql: Sqlite, lock: Sqlite) {
    this.sql = sql;
    this.#lock = lock;
  }

  /** Runs `work` in one transaction: all of it is on disk when this returns, or none. */
  transaction<T>(work: () => T): T {
    if (this.sql.inTransaction) return work();
    this.sql.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.sql.exec("COMMIT");
      return result;
    } catch (error) {
      if (this.sql.inTransaction) this.sql.exec("ROLLBACK");
      throw storeError(error);
    }
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.sql.close();
    this.#lock.close();
  }
}

/**
 * Opens `plotty.db` in the data directory, makes or migrates its tables, and holds a lock beside it that the system
 * releases even after `kill -9`. Throws `daemon.already-running` or `store.unusable`.
 */
export function openDatabase(dataDir: string): PlottyDatabase {
  makeDataDir(dataDir);
  const lock = takeLock(dataDir);
  const file = join(dataDir, "plotty.db");
  let sql: Sqlite | undefined;
  try {
    makePrivate(file);
    sql = new Database(file);
    sql.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
    migrate(sql, file);
    return new PlottyDatabase(sql, lock);
  } catch (error) {
    sql?.close();
    lock.close();
    throw storeError(error, file);
  }
}

function makeDataDir(dataDir: string): void {
  try {
    makeDirectory(join(dataDir, "jobs"));
  } catch (error) {
    throw new PlottyError(
      "store.unusable",
      `the data directory ${dataDir} cannot be made: ${(error as Error).message}; choose another with data_dir or PLOTTY_DATA_DIR`,
      { dataDir },
      error,
    );
  }
}

/** SQLite gives its files the rights of the database: so that is made first, for its owner alone. */
function makePrivate(file: string): void {
  closeSync(openSync(file, "a", 0o600));
}

function takeLock(dataDir: string): Sqlite {
  const file = join(dataDir, "plotty.lock");
  let lock: Sqlite | undefined;
  try {
    makePrivate(file);
    lock = new Database(file, { timeout: 0 });
    lock.exec(
      "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS lock (pid INTEGER);",
    );
    lock.exec("COMMIT; BEGIN EXCLUSIVE;");
    return lock;
  } catch (error) {
    lock?.close();
    if (!/locked|busy/i.test(String((error as Error).message))) throw storeError(error, dataDir);
    throw new PlottyError(
      "daemon.already-running",
      `another plotty daemon uses the data directory ${dataDir}: stop it, or give this one its own with PLOTTY_DATA_DIR`,
      { dataDir },
      error,
    );
  }
}
