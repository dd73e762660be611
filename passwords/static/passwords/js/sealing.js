// The format "share 1" (docs/sharing.md): seal and open texts with keys that stay in the browser.
const ITERATIONS = 600_000;
const CONTEXT = "giropops/share/1/";
const KEY_BYTES = 32;
const HEADER_BYTES = 2;
const NONCE_BYTES = 12;
const PADDED_BYTES = 256;
const PADDING_MARK = 0x80;

// Browsers offer cryptography only to pages over HTTPS, and on this machine.
export const canSeal = Boolean(globalThis.crypto?.subtle);

const bytesOf = (text) => new TextEncoder().encode(text);

function join(...parts) {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

// Base64url without padding (RFC 4648, section 5).
export function encode(bytes) {
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(characters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function decode(text) {
  const characters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(characters, (character) => character.charCodeAt(0));
}

export const drawKey = () => crypto.getRandomValues(new Uint8Array(KEY_BYTES));

// The key in a link, or in the part of a link after "#"; null if there is none.
export function keyIn(link) {
  const text = link.trim().split("#").at(-1);
  return /^[A-Za-z0-9_-]{43}$/.test(text) ? decode(text) : null;
}

async function derive(key, label, length) {
  const material = await crypto.subtle.importKey("raw", key, "HKDF", false, ["deriveBits"]);
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: bytesOf(CONTEXT + label) };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, material, length * 8));
}

async function stretch(passphrase, salt) {
  const typed = bytesOf(passphrase.normalize("NFC"));
  const material = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveBits"]);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, material, KEY_BYTES * 8));
}

export const idOf = (key) => derive(key, "id", 16);

// The keys of a share; an empty passphrase is none.
export async function unlock(key, passphrase) {
  let main = key;
  if (passphrase) {
    const stretched = await stretch(passphrase, await derive(key, "salt", 16));
    main = await derive(join(key, stretched), "locked", KEY_BYTES);
  }
  const id = await idOf(key);
  const proof = await derive(main, "read", 32);
  const encryption = await crypto.subtle.importKey(
    "raw", await derive(main, "enc", KEY_BYTES), "AES-GCM", false, ["encrypt", "decrypt"],
  );
  return { id, proof, encryption, header: Uint8Array.of(1, passphrase ? 1 : 0) };
}

export async function verifierOf({ proof }) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", proof));
}

const algorithmOf = ({ id, header }, iv) => ({
  name: "AES-GCM", iv, additionalData: join(bytesOf(CONTEXT), id, header),
});

export async function seal(keys, text) {
  const content = join(bytesOf(text), Uint8Array.of(PADDING_MARK));
  const padded = new Uint8Array(Math.ceil(content.length / PADDED_BYTES) * PADDED_BYTES);
  padded.set(content);
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const ciphertext = await crypto.subtle.encrypt(algorithmOf(keys, nonce), keys.encryption, padded);
  return join(keys.header, nonce, new Uint8Array(ciphertext));
}

// The text in what `seal` returned; throws an error if it has another format or another key.
export async function unseal(keys, sealed) {
  const nonce = sealed.slice(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
  const ciphertext = sealed.slice(HEADER_BYTES + NONCE_BYTES);
  const opened = await crypto.subtle.decrypt(algorithmOf(keys, nonce), keys.encryption, ciphertext);
  const padded = new Uint8Array(opened);
  const end = padded.findLastIndex((byte) => byte !== 0);
  const isPadded = padded[end] === PADDING_MARK && padded.length % PADDED_BYTES === 0;
  if (!isPadded || padded.length - end > PADDED_BYTES) throw new Error("the padding is wrong");
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(padded.slice(0, end));
}
