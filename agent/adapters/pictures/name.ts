/** Folders and file of plain characters, so that a picture can lie nowhere but in its store. */
const PICTURE_NAME = /^(?:[A-Za-z0-9][A-Za-z0-9_-]{0,63}\/){0,3}[A-Za-z0-9][A-Za-z0-9_-]{0,63}\.png$/;

/** Whether a picture may be kept under this name, such as `reject/12.png`. */
export function isPictureName(name: string): boolean {
  return PICTURE_NAME.test(name);
}
