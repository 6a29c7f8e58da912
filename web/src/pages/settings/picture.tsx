import { type ChangeEvent, useRef, useState } from "react";
import { Avatar } from "../../components/avatar/avatar.tsx";
import { Button } from "../../components/button/button.tsx";
import { ProblemLine } from "../../components/states/states.tsx";
import { say } from "../../components/toast/toasts.ts";
import { useMessages } from "../../i18n/language.ts";
import { useChangePicture } from "../../queries/members.ts";
import type { MemberProfile } from "../../queries/types.ts";
import { CropDialog } from "./crop-dialog.tsx";

const MAX_BYTES = 10 * 1024 * 1024;
const NONE = "no-image";

export function Picture({ profile }: { profile: MemberProfile }) {
  const { settings } = useMessages();
  const [chosen, setChosen] = useState<File>();
  const [complaint, setComplaint] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  const change = useChangePicture();
  const { displayName, avatarUrl, id } = profile;

  const onChoose = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const file = target.files?.[0];
    target.value = "";
    change.reset();
    if (!file) return;
    if (file.size > MAX_BYTES) return setComplaint(settings.pictureTooLarge);
    setComplaint(undefined);
    setChosen(file);
  };
  const save = async (picture: Blob | null) => {
    await change.mutateAsync({ picture, previous: avatarUrl });
    setChosen(undefined);
    // The button to remove it goes with it.
    if (!picture) input.current?.focus();
    say(picture ? settings.pictureSaved : settings.pictureRemoved);
  };

  return (
    <section className="settings-part" aria-label={settings.picture}>
      <div className="picture-now">
        <Avatar name={displayName} url={avatarUrl} memberId={id} size="large" />
        <div>
          <div className="row">
            <label className="button button-plain button-small">
              {settings.choosePicture}
              <input
                ref={input}
                type="file"
                accept="image/jpeg,image/png,image/gif,image/webp,image/avif"
                onChange={onChoose}
              />
            </label>
            {avatarUrl !== NONE && (
              <Button
                look="quiet"
                size="small"
                disabled={change.isPending}
                onClick={() => void save(null).catch(() => undefined)}
              >
                {change.isPending ? settings.saving : settings.removePicture}
              </Button>
            )}
          </div>
          <p className="soft">{settings.pictureHint}</p>
          {complaint && (
            <p className="field-error" role="alert">
              {complaint}
            </p>
          )}
          {!chosen && <ProblemLine error={change.error} />}
        </div>
      </div>
      {chosen && (
        <CropDialog
          file={chosen}
          isBusy={change.isPending}
          error={change.error}
          onUse={(picture) => void save(picture).catch(() => undefined)}
          onUnreadable={() => {
            setChosen(undefined);
            setComplaint(settings.pictureUnreadable);
          }}
          onClose={() => setChosen(undefined)}
        />
      )}
    </section>
  );
}
