import { AS_TYPED, TextInput } from '../ui/field.tsx';

interface AttestedNameFieldProps {
  hint: string;
  value: string;
  onChange: (name: string) => void;
}

/** The name under which somebody is in a roll, by which their place is found. */
export function AttestedNameField({ hint, value, onChange }: AttestedNameFieldProps) {
  return (
    <TextInput
      {...AS_TYPED}
      autoCapitalize="words"
      label="Your name, exactly as it is attested"
      hint={hint}
      required
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
