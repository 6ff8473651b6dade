import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const TRUE_COLOR = 2;
const UP = 2;

/**
 * A picture as a PNG file (W3C PNG, third edition): 8 bits a channel, no alpha, every row told as its difference from the one
 * above, which mostly white paper compresses well by.
 *
 * @param rgb three bytes a pixel, row by row @param pixelsPerMetre for programs that print
 */
export function encodePng(width: number, height: number, rgb: Uint8Array, pixelsPerMetre: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, TRUE_COLOR, 0, 0, 0], 8);
  const density = Buffer.alloc(9);
  density.writeUInt32BE(Math.round(pixelsPerMetre), 0);
  density.writeUInt32BE(Math.round(pixelsPerMetre), 4);
  density[8] = 1; // the unit is the metre
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("pHYs", density),
    chunk("IDAT", deflateSync(filtered(width, height, rgb))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Rows with the byte that names their filter before them. */
function filtered(width: number, height: number, rgb: Uint8Array): Uint8Array {
  const length = width * 3;
  const rows = new Uint8Array((length + 1) * height);
  for (let y = 0; y < height; y++) {
    const to = y * (length + 1);
    const from = y * length;
    rows[to] = UP;
    for (let i = 0; i < length; i++)
      rows[to + 1 + i] = rgb[from + i]! - (y > 0 ? rgb[from - length + i]! : 0);
  }
  return rows;
}

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
