// SPEC §4.5: capsules, in which an issuer leaves each name to those who have opened its token
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { utf8 } from '@scure/base';
import { z } from 'zod';
import { type MerkleTree, merklePath, merkleRoot, plantMerkleTree, rootOfMerkleTree, rootOfPath } from '../board/merkle.ts';
import { accept, type Checked, refuse } from '../messages/checked.ts';
import { type Hex32, hashBytes, hashHex } from '../messages/hash.ts';
import { fieldText, hex32, pointText } from '../messages/shape.ts';
import { type Field, fieldFromBytes, fieldToBytes, formatField, parseField } from '../numbers/field.ts';
import { formatPoint, type PointText } from '../numbers/point.ts';
import { groupId } from './group.ts';
import { NAME_BYTES } from './name.ts';
import type { RollHeader } from './roll.ts';
import { clearToken, type NameProof, proveName, type Token, tokenOf } from './token.ts';

/** Bytes of a capsule: tag (32), nonce (24), and under XChaCha20-Poly1305 length, name, salt, sign and blind (266 + 16). */
export const CAPSULE_BYTES = 338;
/** The longest file of capsules that is read: room for the 65,536 of the deepest roll. */
export const CAPSULE_FILE_BYTES = 24 * 1024 * 1024;
const TAG_BYTES = 32;
const NONCE_BYTES = 24;
const PLAIN = { name: 1, salt: 1 + NAME_BYTES, sign: 33 + NAME_BYTES, blind: 34 + NAME_BYTES, end: 66 + NAME_BYTES };

/** The roll in which a capsule lies: the id of its group and its number. */
export type CapsuleRoll = { group: Hex32; number: number };
/** A name with all that its capsule holds. `blind` is hex. */
export type CapsuleContent = NameProof & { blind: Hex32 };

/** The name of an opened token with its place and path among the capsules of a roll. SPEC §10.9. */
export const openedNameShape = z.strictObject({
  token: pointText,
  name: z.string().min(1).max(NAME_BYTES),
  salt: fieldText,
  sign: z.union([z.literal(0), z.literal(1)]),
  blind: hex32,
  index: z.int().min(0).max(65535),
  path: z.array(hex32).max(16),
});
export type OpenedName = z.infer<typeof openedNameShape>;

export function capsuleRollOf(header: RollHeader): CapsuleRoll {
  return { group: groupId(header.group), number: header.number };
}

/**
 * The capsule of a member in one roll, the same bytes for issuer and wallet. The blind keeps apart what lies in different
 * rolls: whoever learns a token later cannot compute the capsule of another roll (T61).
 */
export function makeCapsule(roll: CapsuleRoll, membership: Hex32, name: string): Uint8Array {
  return capsuleOf(roll, membership, name, tokenOf(membership, roll.group, name));
}

/** `makeCapsule` where the member's token is there already. */
export function capsuleOf(roll: CapsuleRoll, membership: Hex32, name: string, { point, salt, sign }: Token): Uint8Array {
  const blind = hashHex('capsule-blind', { secret: membership, group: roll.group, roll: roll.number });
  return sealCapsule(roll, formatPoint(clearToken(point)), { name, salt, sign, blind });
}

/** The file of a roll's capsules: ascending by tag, which says nothing about places in the roll (T46). */
export function joinCapsules(capsules: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concatBytes(...[...capsules].sort(compareBytes));
}

/** The hashes of the capsules of a file of whole capsules, in its order: all that is public of them. */
export function hashCapsules(file: Uint8Array): Hex32[] {
  return Array.from({ length: file.length / CAPSULE_BYTES }, (_, i) => hashCapsule(capsuleAt(file, i)));
}

/** A file of capsules that is the one its roll header commits to. */
export type CapsuleFile = { roll: CapsuleRoll; bytes: Uint8Array; tree: MerkleTree };

/** Checks the capsules of a header that was checked before: as many as members, tags strictly ascending, and the root. SPEC §4.5. */
export function checkCapsules(header: RollHeader, bytes: Uint8Array): Checked<CapsuleFile, 'BAD_CAPSULES'> {
  if (bytes.length !== header.size * CAPSULE_BYTES) return refuse('BAD_CAPSULES', `there must be ${header.size} capsules of 338 bytes`);
  for (let i = 1; i < header.size; i++)
    if (compareBytes(tagAt(bytes, i - 1), tagAt(bytes, i)) >= 0) return refuse('BAD_CAPSULES', 'the tags must be distinct and ascending');
  const tree = plantMerkleTree(hashCapsules(bytes));
  if (rootOfMerkleTree(tree) !== header.names) return refuse('BAD_CAPSULES', 'the capsules do not have the root of the header');
  return accept({ roll: capsuleRollOf(header), bytes, tree });
}

/**
 * Looks for a member's own capsule among the public hashes of a roll, all of which were fetched. Without it the name could
 * never be shown, so a wallet calls nobody a member of such a roll (T45). @returns its place
 */
export function findOwnCapsule(
  header: RollHeader,
  hashes: readonly Hex32[],
  member: { membership: Hex32; name: string },
): Checked<number, 'BAD_CAPSULES' | 'CAPSULE_MISSING'> {
  if (hashes.length !== header.size || merkleRoot(hashes) !== header.names)
    return refuse('BAD_CAPSULES', 'the list of capsules is not the one of the roll');
  const place = hashes.indexOf(hashCapsule(makeCapsule(capsuleRollOf(header), member.membership, member.name)));
  return place < 0 ? refuse('CAPSULE_MISSING', 'the issuer has left no capsule for this name') : accept(place);
}

/**
 * The name of an opened T out of a checked file; null when there is no capsule for it, or one that does not hold what it
 * must: then the name stays unreadable, and that is the issuer's doing. SPEC §4.5.
 */
export function openCapsule(file: CapsuleFile, T: PointText): OpenedName | null {
  const index = findTag(file.bytes, hashBytes('capsule-tag', keyOf(file.roll, T)));
  if (index < 0) return null;
  const capsule = capsuleAt(file.bytes, index);
  const content = decrypt(file.roll, T, capsule);
  if (content === null || proveName(T, file.roll.group, content) === null) return null;
  if (compareBytes(sealCapsule(file.roll, T, content), capsule) !== 0) return null; // another nonce or padding: not the one form
  const { name, salt, sign, blind } = content;
  return { token: T, name, salt: formatField(salt), sign, blind, index, path: merklePath(file.tree, index) };
}

/**
 * Checks the name that a record gives for an opened T: that T is made of it, and that a capsule with it lies in the roll of
 * this header. Needs no capsule, only what is shown. SPEC §10.9.
 */
export function checkOpenedName(header: RollHeader, opened: OpenedName): Checked<OpenedName, 'NAME_UNPROVEN' | 'NAME_UNLISTED'> {
  const roll = capsuleRollOf(header);
  const content: CapsuleContent = { ...opened, salt: parseField(opened.salt) as Field };
  if (proveName(opened.token, roll.group, content) === null) return refuse('NAME_UNPROVEN', 'the name does not belong to the opened token');
  const hash = hashCapsule(sealCapsule(roll, opened.token, content));
  if (rootOfPath(hash, opened.index, header.size, opened.path) !== header.names)
    return refuse('NAME_UNLISTED', 'the roll has no capsule with this name');
  return accept(opened);
}

/** tag ‖ nonce ‖ box. The nonce follows from the content, so that one content has one form. SPEC §4.5. */
function sealCapsule(roll: CapsuleRoll, T: PointText, content: CapsuleContent): Uint8Array {
  const context = keyOf(roll, T);
  const plain = encode(content);
  const nonce = hashBytes('capsule-nonce', bytesToHex(plain)).subarray(0, NONCE_BYTES);
  const box = xchacha20poly1305(hashBytes('capsule-key', context), nonce).encrypt(plain);
  return concatBytes(hashBytes('capsule-tag', context), nonce, box);
}

function keyOf(roll: CapsuleRoll, T: PointText) {
  return { token: T, group: roll.group, roll: roll.number };
}

/** length ‖ name, zero-padded to 200 bytes ‖ salt ‖ sign ‖ blind. */
function encode({ name, salt, sign, blind }: CapsuleContent): Uint8Array {
  const bytes = utf8ToBytes(name);
  if (bytes.length > NAME_BYTES) throw new RangeError('"name" is too long for a capsule');
  const plain = new Uint8Array(PLAIN.end);
  plain[0] = bytes.length;
  plain.set(bytes, PLAIN.name);
  plain.set(fieldToBytes(salt), PLAIN.salt);
  plain[PLAIN.sign] = sign;
  plain.set(hexToBytes(blind), PLAIN.blind);
  return plain;
}

function decrypt(roll: CapsuleRoll, T: PointText, capsule: Uint8Array): CapsuleContent | null {
  const [nonce, box] = [capsule.subarray(TAG_BYTES, TAG_BYTES + NONCE_BYTES), capsule.subarray(TAG_BYTES + NONCE_BYTES)];
  try {
    const plain = xchacha20poly1305(hashBytes('capsule-key', keyOf(roll, T)), nonce).decrypt(box);
    const salt = fieldFromBytes(plain.subarray(PLAIN.salt, PLAIN.sign));
    const sign = plain[PLAIN.sign];
    if (salt === null || (sign !== 0 && sign !== 1)) return null;
    const name = utf8.encode(plain.subarray(PLAIN.name, PLAIN.name + (plain[0] as number)));
    return { name, salt, sign, blind: bytesToHex(plain.subarray(PLAIN.blind)) };
  } catch {
    return null;
  }
}

function hashCapsule(capsule: Uint8Array): Hex32 {
  return hashHex('capsule', { tag: bytesToHex(tagOf(capsule)), body: bytesToHex(capsule.subarray(TAG_BYTES)) });
}

function capsuleAt(file: Uint8Array, i: number): Uint8Array {
  return file.subarray(i * CAPSULE_BYTES, (i + 1) * CAPSULE_BYTES);
}

/** The tag of one capsule, the same for all capsules of one token in one roll. */
export function tagOf(capsule: Uint8Array): Uint8Array {
  return capsule.subarray(0, TAG_BYTES);
}

function tagAt(file: Uint8Array, i: number): Uint8Array {
  return tagOf(capsuleAt(file, i));
}

/** The place of a tag in a file sorted by tag, by halving; -1 when it is not there. */
function findTag(file: Uint8Array, tag: Uint8Array): number {
  let [low, high] = [0, file.length / CAPSULE_BYTES - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compareBytes(tagAt(file, middle), tag);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The order of bytes, as unsigned numbers from the first on. */
function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number);
  return a.length - b.length;
}
