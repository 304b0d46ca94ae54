/** Errors with the same messages as in Python; twin of convviz/errors.py. */

/** Parameters or values that no layer can have. */
export class GeometryError extends Error {
  name = "GeometryError";
}

/** A picture that cannot be drawn. */
export class PictureError extends Error {
  name = "PictureError";
}
