import { Icon } from "../components/icon/icon.tsx";
import { useMessages } from "../i18n/language.ts";
import { useOnline } from "../lib/online.ts";

export function OfflineBanner() {
  const { offline } = useMessages();
  const online = useOnline();
  return (
    <div role="status">
      {!online && (
        <p className="offline-banner">
          <Icon name="offline" size={18} /> {offline.banner}
        </p>
      )}
    </div>
  );
}
