import { accessSync, constants, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { ConfigurationError } from "../../config/index.ts";

/** Makes the folder where it is missing. @throws ConfigurationError when it can't be used */
export function makeImageRootOrThrow(root: string): void {
  try {
    makeFolder(root);
    accessSync(root, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError(
      `IMAGE_ROOT is ${JSON.stringify(root)}: the folder can't be used (${code})`,
      { cause: error },
    );
  }
}

/** Folder by folder: where nothing can be made, such as in /proc, Node's own recursive way never returns. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(folder)) throw error;
  }
}
