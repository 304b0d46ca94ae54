/** The errors whose sentences Python says, too; twin of convviz/errors.py. */

/** Parameters or values that no layer can have; the message is the sentence that Python says. */
export class GeometryError extends Error {
  name = "GeometryError";
}

/** A picture that cannot be drawn; the message is the sentence that Python says. */
export class PictureError extends Error {
  name = "PictureError";
}
