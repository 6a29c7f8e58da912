import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";
import { Button } from "../../components/button/button.tsx";
import { Dialog } from "../../components/dialog/dialog.tsx";
import { ProblemLine } from "../../components/states/states.tsx";
import { useMessages } from "../../i18n/language.ts";
import { type Crop, cut, inside, MAX_ZOOM, sideOf, WHOLE } from "./crop.ts";

interface CropDialogProps {
  readonly file: File;
  readonly isBusy: boolean;
  readonly error: unknown;
  onUse(picture: Blob): void;
  onUnreadable(): void;
  onClose(): void;
}

/** Part of the picture that an arrow key moves it by. */
const STEP = 0.03;

export function CropDialog({ file, isBusy, error, onUse, onUnreadable, onClose }: CropDialogProps) {
  const { settings, dialog } = useMessages();
  const [address, setAddress] = useState<string>();
  const [crop, setCrop] = useState(WHOLE);
  const [size, setSize] = useState({ width: 1, height: 1 });
  const image = useRef<HTMLImageElement>(null);
  const frame = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);

  const change = (to: Partial<Crop>) => setCrop((old) => inside({ ...old, ...to }, size));
  const move = (right: number, down: number) => change({ x: crop.x + right, y: crop.y + down });
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, readonly [number, number]> = {
      ArrowLeft: [-STEP, 0],
      ArrowRight: [STEP, 0],
      ArrowUp: [0, -STEP],
      ArrowDown: [0, STEP],
    };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    move(...step);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (event.buttons !== 1 || !frame.current) return;
    const scale = frame.current.clientWidth / sideOf(size, crop.zoom);
    move(-event.movementX / scale / size.width, -event.movementY / scale / size.height);
  };
  const use = async () => {
    if (image.current) onUse(await cut(image.current, crop));
  };
  const widthInFrame = (size.width / sideOf(size, crop.zoom)) * 100;

  return (
    <Dialog title={settings.crop} onClose={onClose}>
      <div
        ref={frame}
        className="cropper"
        role="application"
        aria-label={`${settings.cropArea}. ${settings.cropHint}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the picture
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
      >
        {address && (
          <img
            ref={image}
            src={address}
            alt=""
            style={{
              width: `${widthInFrame}%`,
              transform: `translate(${-crop.x * 100}%, ${-crop.y * 100}%)`,
            }}
            onLoad={({ currentTarget }) =>
              setSize({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })
            }
            onError={onUnreadable}
          />
        )}
      </div>
      <p className="soft">{settings.cropHint}</p>
      <label className="crop-zoom">
        {settings.zoom}
        <input
          type="range"
          min={1}
          max={MAX_ZOOM}
          step={0.05}
          value={crop.zoom}
          onChange={(event) => change({ zoom: Number(event.target.value) })}
        />
      </label>
      <ProblemLine error={error} />
      <footer>
        <Button onClick={onClose} disabled={isBusy}>
          {dialog.cancel}
        </Button>
        <Button look="primary" disabled={isBusy} onClick={() => void use()}>
          {isBusy ? settings.uploading : settings.usePicture}
        </Button>
      </footer>
    </Dialog>
  );
}
