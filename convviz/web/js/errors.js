/** Errors with the same messages as in Python; twin of convviz/errors.py. */

/** `1 cell`, `3 cells`, `2 to 3 cells`: a count with its noun, in the singular for 1. */
export const countOf = (count, noun) => `${count} ${noun}${String(count) === "1" ? "" : "s"}`;

/** Parameters or values that no layer can have. */
export class GeometryError extends Error {
  name = "GeometryError";
}

/** A picture that cannot be drawn. */
export class PictureError extends Error {
  name = "PictureError";
}
