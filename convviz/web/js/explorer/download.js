/** What one takes home: texts in the clipboard, and the picture as a file of its own. */

/** Copy a text, also where the page is a file; `button` says how it went. */
export async function copy(text, button) {
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  button.focus();
  button.dataset.done = done ? "copied" : "press Ctrl+C";
  setTimeout(() => delete button.dataset.done, 1500);
}

/** Save the picture as it is, as an SVG or with `sharp` pixels for each of its own as a PNG. */
export function savePicture(picture, sheet, theme, { kind, sharp = 2 }) {
  const address = `data:image/svg+xml,${encodeURIComponent(pictureText(picture, sheet, theme))}`;
  if (kind === "svg") return save(address, "convviz.svg");
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [sharp * sheet.width, sharp * sheet.height];
    const context = canvas.getContext("2d");
    context.fillStyle = theme.background;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    save(canvas.toDataURL("image/png"), "convviz.png");
  };
  image.src = address;
}

/** The picture as the text of a file, with everything that it takes from the page's style. */
function pictureText(picture, { width, height }, theme) {
  const made = picture.cloneNode(true);
  const look = { xmlns: "http://www.w3.org/2000/svg", width, height, style: `background: ${theme.background}` };
  for (const [name, value] of Object.entries(look)) made.setAttribute(name, value);
  made.setAttribute("font-family", "system-ui, 'DejaVu Sans', sans-serif");
  for (const text of made.querySelectorAll(".numbers text")) {
    text.setAttribute("text-anchor", "middle");
    text.setAttribute("stroke-width", 0);
  }
  return new XMLSerializer().serializeToString(made);
}

function save(href, name) {
  Object.assign(document.createElement("a"), { href, download: name }).click();
}
