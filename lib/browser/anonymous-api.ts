import 'client-only';
import { type Api, createApi } from '#lib/api/client.ts';

/** The anonymous routes of the site that served this page: no cookie and no referrer is sent. */
export const anonymousApi: Api = createApi('', (input, init) => fetch(input, init));
