const DATA = /=["']data:[^"'<>&]*$/;
const AFTER_DATA = /["'<>&]/g;

/**
 * Text without most of the images that are embedded in it: of a `data:` value that goes on in the next piece only the line breaks
 * are left there, so that lines keep their numbers. Images are not drawn, and may be nearly all of a file.
 *
 * @param pieces a text in pieces, of any lengths
 */
export function* withoutImageData(pieces: Iterable<string>): Generator<string> {
  let isInData = false;
  for (const piece of pieces) {
    const dataEnd = isInData ? endOfData(piece) : 0;
    const rest = piece.slice(dataEnd);
    yield lineBreaks(piece.slice(0, dataEnd)) + rest;
    isInData = (isInData && rest === "") || endsInData(rest);
  }
}

function endOfData(piece: string): number {
  AFTER_DATA.lastIndex = 0;
  return AFTER_DATA.exec(piece)?.index ?? piece.length;
}

/** Whether the last tag of a piece ends within a value that is data. */
function endsInData(piece: string): boolean {
  const tag = piece.slice(piece.lastIndexOf("<") + 1);
  const data = Math.max(tag.indexOf('="data:'), tag.indexOf("='data:"));
  return data >= 0 && DATA.test(tag.slice(data));
}

function lineBreaks(text: string): string {
  return text.includes("\n") ? text.replace(/[^\n]+/g, "") : "";
}
