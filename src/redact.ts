/** Keys shorter than this are not masked: replacing every "a" in a log would hide nothing and garble everything. */
const SHORTEST_SECRET = 8;
/** Longer than any key or password; a pattern of all its forms would be too large, so only itself is looked for. */
const LONGEST_SECRET = 1_024;
const MASK = '****';

export type Redact = (text: string) => string;

/**
 * Makes the function that every sentence for people passes through before it leaves the process. It masks each secret
 * as it is, escaped as in JSON or in an address (wholly or in part), in hexadecimal, and in base64: alone, with the
 * colon of the Authorization header behind it, and in the middle of something longer.
 *
 * `secrets` may grow: what is pushed later is masked from then on. The mask is applied to the texts of logs, traces
 * and statuses before they are encoded, never to records or states: a sync token must come back as it was, and
 * replacing text inside encoded JSON can break it.
 */
export function redactor(secrets: readonly string[]): Redact {
  let known = 0;
  let patterns: (RegExp | string)[] = [];
  return (text) => {
    if (known !== secrets.length) {
      known = secrets.length;
      // The longest first: a user's name with the password, before the password alone.
      const longEnough = secrets.filter(({ length }) => length >= SHORTEST_SECRET);
      patterns = longEnough.sort((a, b) => b.length - a.length).map(formsOf);
    }
    return patterns.reduce<string>((masked, pattern) => masked.replaceAll(pattern, MASK), text);
  };
}

/** Finds a secret in any of its forms. */
function formsOf(secret: string): RegExp | string {
  if (secret.length > LONGEST_SECRET) return secret;
  const bytes = Buffer.from(secret);
  const hex = ignoringCase(bytes.toString('hex'));
  return new RegExp([...base64Forms(secret).map(literal), hex, escapedForm(secret)].join('|'), 'g');
}

/** Whole forms with whatever belongs to them come first, so that nothing of them is left beside the mask. */
function base64Forms(secret: string): string[] {
  const whole = [`${secret}:`, secret].flatMap((text) => {
    const padded = Buffer.from(text).toString('base64');
    return [padded, padded.replace(/=+$/, '')];
  });
  // In base64 three bytes are four characters: where the secret begins within such a group decides what it looks like.
  const inside = [0, 1, 2].map((before) => {
    const code = Buffer.from(`${'x'.repeat(before)}${secret}`)
      .toString('base64')
      .replace(/=+$/, '');
    const bytes = before + Buffer.byteLength(secret);
    return code.slice(Math.ceil((before * 4) / 3), Math.floor((bytes * 4) / 3));
  });
  const forms = [...whole, ...inside];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

/** Each character as it is, percent-encoded, or escaped for JSON, in any mixture. */
function escapedForm(secret: string): string {
  return Array.from(secret, (character) => {
    const forms = [literal(character), percent(character)];
    if (/["\\/]/.test(character)) forms.push(literal(`\\${character}`));
    for (const unit of character.length === 1 ? [character] : []) {
      forms.push(`\\\\u${ignoringCase(unit.charCodeAt(0).toString(16).padStart(4, '0'))}`);
    }
    return `(?:${forms.join('|')})`;
  }).join('');
}

function percent(character: string): string {
  return Array.from(Buffer.from(character), (byte) => `%${ignoringCase(byte.toString(16).padStart(2, '0'))}`).join('');
}

function ignoringCase(hex: string): string {
  return hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Environment variables that name a proxy, as HTTP clients read them. */
const PROXY_VARIABLE = /^(https?|all)_proxy$/i;

/** What is secret in the proxies' addresses: passwords, as they are written and as they are meant, with the user's name and without. */
export function proxySecrets(environment: Readonly<Record<string, string | undefined>>): string[] {
  const secrets = new Set<string>();
  for (const [name, value] of Object.entries(environment)) {
    // Not read as a URL: a password with a slash or an address without a scheme would make it none.
    const login = PROXY_VARIABLE.test(name) ? /^(?:[a-z0-9+.-]+:\/\/)?(.*)@[^@]*$/is.exec(value ?? '')?.[1] : undefined;
    if (login === undefined) continue;
    for (const form of [login, decoded(login)]) {
      secrets.add(form);
      if (form.includes(':')) secrets.add(form.slice(form.indexOf(':') + 1));
    }
  }
  return [...secrets];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a percent sign that encodes nothing stands for itself
  }
}

/** Longer than any path that people give. */
const LONGEST_PATH = 1_024;

/**
 * Whether a word of the command line may be a secret, or hold one, so that it is not to be quoted: JSON, what speaks
 * of a key, and a long word of letters and digits that is no path.
 */
export function looksSecret(word: string): boolean {
  if (word.length > LONGEST_PATH) return true;
  if (/^[\w./~-]*[./][\w./~-]*$/.test(word)) return false; // a path, though it may be …/secrets/api_key.json
  if (/[{}"\n]|api_?key|password|secret|basic |bearer /i.test(word)) return true;
  return /^[\w+=:~-]{16,}$/.test(word) && /\d/.test(word) && /[a-z]/i.test(word);
}
