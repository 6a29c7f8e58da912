/** Random UUIDs (version 4), which name images; also their form in lower case, as they are stored. */
const IMAGE_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export function isImageId(text: string): boolean {
  return IMAGE_ID.test(text);
}

/**
 * The id in the address of an image of ours: the last segment of its path, whatever stands before it (a proxy's
 * prefix, scheme and host). Undefined for other addresses.
 */
export function imageIdOf(address: string): string | undefined {
  const [path = ""] = address.split(/[?#]/, 1);
  const id = path.replace(/\/+$/, "").split("/").at(-1)?.toLowerCase() ?? "";
  return isImageId(id) ? id : undefined;
}
