import { once } from "node:events";

/** Writes data to stdout piece by piece, held back by a slow reader: a plan may be larger than memory likes as one text. */
export async function print(pieces: Iterable<string>): Promise<void> {
  let batch = "";
  for (const piece of pieces) {
    batch += piece;
    if (batch.length < 65_536) continue;
    await write(batch);
    batch = "";
  }
  await write(batch);
}

/** A JSON array of many items, one piece an item. */
export function* jsonArray<T>(items: Iterable<T>, toJson: (item: T) => string): Generator<string> {
  let separator = "[";
  for (const item of items) {
    yield separator + toJson(item);
    separator = ",";
  }
  yield separator === "[" ? "[]" : "]";
}

async function write(text: string): Promise<void> {
  if (text !== "" && !process.stdout.write(text)) await once(process.stdout, "drain");
}
