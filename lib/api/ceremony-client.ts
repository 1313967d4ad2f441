import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { Shape } from '#lib/protocol/messages/shape.ts';
import { type CeremonyView, ceremonyShape, type PlaceStatus, placeStatusShape, placeTokenShape } from './ceremony-shapes.ts';
import { type Call, type CallOptions, type Fetch, readAnswer, request } from './request.ts';
import { PLACE_WORK } from './work-stamp.ts';

const PLACE = '/api/ceremony/place';

/** The routes of a ceremony's coordinator. Nobody is signed in: a place is shown by its token alone. */
export interface CeremonyApi {
  describe(options?: CallOptions): Promise<CeremonyView>;
  /** @param token 64 hex digits that the caller has drawn; it does the work that the place costs */
  takePlace(token: string, options?: CallOptions): Promise<{ token: string }>;
  askPlace(token: string, options?: CallOptions): Promise<PlaceStatus>;
  beginTurn(token: string, options?: CallOptions): Promise<PlaceStatus>;
  /** @param offer see `encodeOffer` */
  offer(token: string, offer: Uint8Array<ArrayBuffer>, options?: CallOptions): Promise<PlaceStatus>;
  leavePlace(token: string, options?: CallOptions): Promise<void>;
}

/** Where a file of the ceremony's folder lies on a platform. */
export function ceremonyFilePath(path: string): string {
  return `/api/ceremony/files/${path}`;
}

export function createCeremonyApi(base: string, fetch: Fetch): CeremonyApi {
  const call = async <T>(shape: Shape<T>, call: Call): Promise<T> => readAnswer(await request(base, fetch, 'omit', call), shape);
  return {
    describe: (options) => call(ceremonyShape, { path: '/api/ceremony', options }),
    takePlace: (token, options) =>
      call(placeTokenShape, {
        method: 'POST',
        path: PLACE,
        token,
        about: bytesToHex(sha256(hexToBytes(token))),
        work: PLACE_WORK,
        options,
      }),
    askPlace: (token, options) => call(placeStatusShape, { path: PLACE, token, options }),
    beginTurn: (token, options) => call(placeStatusShape, { method: 'POST', path: `${PLACE}/begin`, token, options }),
    offer: (token, bytes, options) =>
      call(placeStatusShape, { method: 'POST', path: `${PLACE}/contribution`, token, bytes, isLong: true, options }),
    leavePlace: async (token, options) => {
      await request(base, fetch, 'omit', { method: 'DELETE', path: PLACE, token, options });
    },
  };
}
