// How addresses are called that others than the operator have chosen: model servers, pictures, webhooks.
export { ADDRESS_REFUSED, AddressRefused, createPublicFetch, publicFetch } from './public-fetch.ts';
export { isPublicHttps } from './public-url.ts';
