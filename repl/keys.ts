import { commandGroup } from "./command-group.ts";
import { table } from "./table.ts";

interface Key {
  readonly kid: string;
  readonly isPrimary: boolean;
  readonly createdAt: string;
  readonly expiresAt: string | null;
}

/** The keys that sign access tokens; their secrets are never shown. */
export const keys = commandGroup("keys", {
  show: {
    purpose: "the signing keys, newest first, without their secrets",
    async run(call) {
      const rows = await call<Key[]>("auth.listKeys");
      return table(
        ["kid", "primary", "createdAt", "expiresAt"],
        rows.map(({ isPrimary, ...key }) => ({ ...key, primary: isPrimary })),
      );
    },
  },
  rotate: {
    purpose: "replaces the primary key now; tokens of the former one stay good until they expire",
    async run(call) {
      const { outcome } = await call<{ outcome: string }>("auth.rotateKeys", { force: true });
      if (outcome !== "ROTATED") return "not replaced: another node has just done it";
      const [primary] = await call<Key[]>("auth.listKeys");
      return `rotated: ${primary?.kid} signs from now on`;
    },
  },
});
