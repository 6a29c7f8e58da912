import type { ButtonHTMLAttributes } from "react";
import { Icon, type IconName } from "../icon/icon.tsx";
import "./button.css";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "primary" | "plain" | "quiet" | "danger";
  readonly size?: "small" | "normal";
  readonly icon?: IconName;
}

export function Button({
  look = "plain",
  size = "normal",
  icon,
  className = "",
  disabled,
  onClick,
  children,
  ...rest
}: ButtonProps) {
  // Not the attribute: it would take the focus from whoever has just pressed the button.
  return (
    <button
      type="button"
      className={`button button-${look} button-${size} ${className}`}
      aria-disabled={disabled || undefined}
      onClick={(event) => (disabled ? event.preventDefault() : onClick?.(event))}
      {...rest}
    >
      {icon && <Icon name={icon} size={18} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: IconName;
  readonly label: string;
}

export function IconButton({ icon, label, className = "", ...rest }: IconButtonProps) {
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={label} title={label} {...rest}>
      <Icon name={icon} size={20} />
    </button>
  );
}
